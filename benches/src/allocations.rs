//! The system's allocator, counting while asked to.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicU64, Ordering::Relaxed};

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Timings run with this off, so that they pay one predicted branch an allocation.
static ON: AtomicBool = AtomicBool::new(false);
static CALLS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicIsize = AtomicIsize::new(0);

fn count(calls: u64, bytes: isize) {
    if ON.load(Relaxed) {
        CALLS.fetch_add(calls, Relaxed);
        BYTES.fetch_add(bytes, Relaxed);
    }
}

// SAFETY: every call is handed to the system's allocator as it came; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size() as isize);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size() as isize);
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(1, size as isize - layout.size() as isize);
        // SAFETY: as the caller promises.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, -(layout.size() as isize));
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(block, layout) }
    }
}

/// What some work asked of the allocator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Calls for memory: new, or more.
    pub calls: u64,
    /// Bytes that are still held at the end, beyond those at the start.
    pub held: isize,
}

/// Does some work and counts. The program has one thread.
pub fn counted<T>(work: impl FnOnce() -> T) -> (T, Asked) {
    let before = (CALLS.load(Relaxed), BYTES.load(Relaxed));
    ON.store(true, Relaxed);
    let done = work();
    ON.store(false, Relaxed);
    (done, Asked { calls: CALLS.load(Relaxed) - before.0, held: BYTES.load(Relaxed) - before.1 })
}
