//! What does a caller of the header promise, and what is made of its arguments?
//!
//! The first comment of the header is the contract: what pointers may be, and for how long. Every
//! function of the header relies on the same promise, so it is stated here once. [`called`] stands
//! only in an `unsafe` function, which is one whose caller has promised it, and gives the
//! [`Contract`] by which the arguments are read.

use std::ffi::{c_char, c_void};
use std::marker::PhantomData;

use crate::boundary::{ErrorPlace, Failure};
use crate::error::cts_error;
use crate::handle::{self, Handle};
use crate::input::{self, Out, Safe, SizedOut, StartsWithSize};
use crate::text::cts_str;

/// The promise of one call. What is read by it lives no longer than the call.
///
/// Its functions take arguments of that call as they came, or what structures and arrays among them
/// point to, and nothing else: that is what [`Self::kept`] is promised.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contract<'call>(PhantomData<&'call ()>);

impl<'call> Contract<'call> {
    /// # Safety
    /// The caller of the function that asks keeps the contract of the header, and the function
    /// reads nothing by this but its own arguments, each as what the header calls it.
    pub(crate) unsafe fn kept(_: &'call ()) -> Self {
        Self(PhantomData)
    }

    /// Where an error is wanted, if one is.
    pub(crate) fn error(self, place: *mut *mut cts_error) -> ErrorPlace {
        // SAFETY: NULL or writable, as the header demands of outputs.
        unsafe { ErrorPlace::new(place) }
    }

    /// An output, safe from here on.
    pub(crate) fn out<T: Safe>(self, place: *mut T, name: &'static str) -> Result<Out<T>, Failure> {
        // SAFETY: NULL or writable, as the header demands of outputs.
        unsafe { Out::new(place, name) }
    }

    /// An output that is left as it is until there is something to put there.
    pub(crate) fn untouched<T>(self, place: *mut T, name: &'static str) -> Result<Out<T>, Failure> {
        // SAFETY: NULL or writable, as the header demands of outputs.
        unsafe { Out::untouched(place, name) }
    }

    /// An output that begins with its size.
    pub(crate) fn sized<T: StartsWithSize>(
        self,
        place: *mut T,
        name: &'static str,
    ) -> Result<SizedOut<T>, Failure> {
        // SAFETY: NULL, or as long as it says, as the header demands of structures with a size.
        unsafe { SizedOut::new(place, name) }
    }

    /// A structure that begins with its size.
    pub(crate) fn structure<T: StartsWithSize>(
        self,
        given: *const T,
        name: &'static str,
    ) -> Result<T, Failure> {
        // SAFETY: NULL, or as long as it says, as the header demands of structures with a size.
        unsafe { input::structure(given, name) }
    }

    /// A `const` handle.
    pub(crate) fn shared<H: Handle>(
        self,
        handle: *const H,
        name: &'static str,
    ) -> Result<&'call H::Inside, Failure> {
        // SAFETY: alive for the call and not changed meanwhile, as the header demands of `const`
        // handles.
        unsafe { handle::shared(handle, name) }
    }

    /// A handle that changes.
    pub(crate) fn exclusive<H: Handle>(
        self,
        handle: *mut H,
        name: &'static str,
    ) -> Result<&'call mut H::Inside, Failure> {
        // SAFETY: alive, and used by nobody else during the call, as the header demands of handles
        // that are not `const`. Where a function has two handles of one type, it lets go of the
        // `const` one before it asks for the other.
        unsafe { handle::exclusive(handle, name) }
    }

    /// A handle that is freed.
    pub(crate) fn release<H: Handle>(self, handle: *mut H) {
        // SAFETY: used by nobody, now or later, as the header demands of what is freed.
        unsafe { handle::release(handle) };
    }

    /// An array.
    pub(crate) fn items<T>(
        self,
        data: *const T,
        length: usize,
        name: &'static str,
    ) -> Result<&'call [T], Failure> {
        // SAFETY: so many items are there for the call, as the header demands of inputs.
        unsafe { input::items(data, length, name) }
    }

    /// Bytes.
    pub(crate) fn bytes(
        self,
        data: *const c_void,
        length: usize,
        name: &'static str,
    ) -> Result<&'call [u8], Failure> {
        // SAFETY: so many bytes are there for the call, as the header demands of inputs.
        unsafe { input::bytes(data, length, name) }
    }

    /// A text.
    pub(crate) fn text(
        self,
        data: *const c_char,
        length: usize,
        name: &'static str,
    ) -> Result<&'call str, Failure> {
        // SAFETY: so many bytes are there for the call, as the header demands of inputs.
        unsafe { input::text(data, length, name) }
    }

    /// A text that may not be there.
    pub(crate) fn optional_text(
        self,
        view: cts_str,
        name: &'static str,
    ) -> Result<Option<&'call str>, Failure> {
        // SAFETY: so many bytes are there for the call, as the header demands of inputs.
        unsafe { input::optional_text(view, name) }
    }
}

/// The body of a function of the header, inside of the boundary that lets no panic out. With an
/// `error`, the function explains itself there.
///
/// It does not compile in a function that is not `unsafe`: the promise is that of its caller.
macro_rules! called {
    (|$contract:ident| $body:expr) => {
        $crate::contract::called!(std::ptr::null_mut(), |$contract| $body)
    };
    ($error:expr, |$contract:ident| $body:expr) => {{
        let call = ();
        #[expect(
            unsafe_op_in_unsafe_fn,
            reason = "what is promised is the promise of the function that this stands in"
        )]
        let $contract = $crate::contract::Contract::kept(&call);
        $crate::boundary::boundary($contract.error($error), || $body)
    }};
}

/// Ends the body of a function of which this library was made without the feature. What comes after
/// is never called then, and the linker drops it: a condition that is no constant, such as the
/// outcome of a call, would keep it.
macro_rules! built_in {
    ($feature:tt) => {
        if cfg!(not(feature = $feature)) {
            return Err($crate::boundary::Failure::left_out($feature));
        }
    };
}

/// A function that gives one thing of what is behind a `const` handle; or an array, where two
/// outputs are named: the first item and how many there are.
macro_rules! getter {
    ($handle:ident, $out:ident, |$inside:ident| $value:expr) => {
        $crate::contract::called!(|contract| {
            let out = contract.out($out, stringify!($out));
            let $inside = contract.shared($handle, stringify!($handle))?;
            let out = out?;
            out.put($value);
            Ok(())
        })
    };
    ($handle:ident, [$first:ident, $count:ident], |$inside:ident| $items:expr) => {
        $crate::contract::called!(|contract| {
            let first = contract.out($first, stringify!($first));
            let count = contract.out($count, stringify!($count));
            let $inside = contract.shared($handle, stringify!($handle))?;
            let (first, count) = (first?, count?);
            let items: &[_] = $items;
            first.put(items.as_ptr());
            count.put(items.len());
            Ok(())
        })
    };
}

/// A function that fills a structure that begins with its size by what is behind a `const` handle.
macro_rules! record {
    ($handle:ident, $out:ident, |$inside:ident| $value:expr) => {
        $crate::contract::called!(|contract| {
            let out = contract.sized($out, stringify!($out));
            let $inside = contract.shared($handle, stringify!($handle))?;
            let out = out?;
            out.put($value);
            Ok(())
        })
    };
}

/// A function that frees a handle.
macro_rules! free {
    ($handle:ident) => {
        $crate::contract::called!(|contract| {
            contract.release($handle);
            Ok(())
        })
    };
}

pub(crate) use {built_in, called, free, getter, record};
