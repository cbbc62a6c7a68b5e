//! How wide are the vectors that the loops work with?

use fearless_simd::Level;
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
use fearless_simd::Simd;

/// How wide vectors may be. All widths give the same result; wider ones than the processor has are
/// as [`Vectors::Best`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Vectors {
    /// The widest that the processor has.
    #[default]
    Best,
    /// SSE2, which every x86-64 processor has.
    X86V1,
    /// SSE4.2.
    X86V2,
    /// AVX2.
    X86V3,
    /// AVX-512, as of Ice Lake.
    X86V4,
}

impl Vectors {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Best, Self::X86V1, Self::X86V2, Self::X86V3, Self::X86V4];

    /// Whether the processor has these.
    pub fn are_here(self) -> bool {
        level(Level::new(), self).is_some()
    }
}

/// The vectors that this processor has at that width; none where it has not.
pub(super) fn level(best: Level, vectors: Vectors) -> Option<Level> {
    match vectors {
        Vectors::Best => Some(best),
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Vectors::X86V1 => best.as_sse2().map(Simd::level),
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Vectors::X86V2 => best.as_sse4_2().map(Simd::level),
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Vectors::X86V3 => best.as_avx2().map(Simd::level),
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Vectors::X86V4 => best.as_avx512().map(Simd::level),
        #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
        _ => None,
    }
}
