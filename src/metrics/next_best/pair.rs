//! What two products have to do with each other.

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// How often two products were bought, alone and together. All counts are of units, and none of the
/// two singles is zero.
///
/// Measures as in Tan, Kumar and Srivastava, *Selecting the right objective measure for association
/// analysis* (2004); the last two in Wu, Chen and Han, *Re-examination of interestingness measures in
/// pattern mining* (2010).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Units in all, whatever they hold.
    pub n: u32,
    /// Units with the first product.
    pub n_a: u32,
    /// Units with the second.
    pub n_b: u32,
    /// Units with both.
    pub n_ab: u32,
}

impl Pair {
    /// The share of units with both.
    pub fn support(self) -> f64 {
        share(self.n_ab, self.n)
    }

    /// The share of units with the first that have the second, too.
    pub fn confidence(self) -> f64 {
        share(self.n_ab, self.n_a)
    }

    /// The lower end of Wilson's 95 % interval of the confidence.
    pub fn confidence_low(self) -> f64 {
        wilson_low(self.n_ab, self.n_a)
    }

    /// The share of units with the second.
    pub fn base_rate(self) -> f64 {
        share(self.n_b, self.n)
    }

    /// Confidence by base rate: 1 where the two have nothing to do with each other.
    pub fn lift(self) -> f64 {
        self.confidence() / self.base_rate()
    }

    /// By how much the support exceeds what independent products would have.
    pub fn leverage(self) -> f64 {
        self.support() - share(self.n_a, self.n) * self.base_rate()
    }

    /// The mean of the confidences in both directions, which does not depend on units with neither.
    pub fn kulczynski(self) -> f64 {
        f64::midpoint(self.confidence(), share(self.n_ab, self.n_b))
    }

    /// How unequally the two are bought: 0 to 1.
    pub fn imbalance(self) -> f64 {
        let either = self.n_a + self.n_b - self.n_ab;
        share(self.n_a.abs_diff(self.n_b), either)
    }

    /// How much likelier than others units with the first are, at the least, to have the second.
    pub fn lift_low(self) -> f64 {
        self.confidence_low() / self.base_rate()
    }
}

fn share(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole)
}

/// The lower end of the 95 % interval of a share (Wilson, 1927); `of` is not zero.
pub fn wilson_low(part: u32, of: u32) -> f64 {
    let (n, p) = (f64::from(of), share(part, of));
    let centre = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((centre - half) / (1.0 + Z * Z / n)).max(0.0)
}
