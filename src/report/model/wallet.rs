//! What part of what customers spend they spend with us.

use serde::{Deserialize, Serialize};

use super::Lead;

/// Share of wallet at the end of the period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wallet {
    /// Whether the wallet of any customer is known; if not, sums and lists are empty.
    pub known: bool,
    /// Why it is not known.
    pub reason: Option<String>,
    /// Opening sentence.
    pub lead: Lead,
    /// By class, then the total.
    pub rows: Vec<WalletRow>,
    /// How far the figures reach, a sentence each.
    pub coverage: Vec<String>,
    /// By how the wallets are known, the largest first; empty where the sheet does not say.
    pub methods: Vec<WalletMethod>,
    /// Customers who spend most with competitors.
    pub gaps: Vec<WalletGap>,
    /// Customers who bought for more than their wallet is said to be, the first of them.
    pub capped: Vec<CappedWallet>,
    /// How many there are of these.
    pub capped_customers: i64,
    /// The Wallet Allocation Rule; null where no survey ranks us among other brands.
    pub rule: Option<WalletRule>,
}

/// Own revenue against all that customers spend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WalletRow {
    /// The class; empty for customers the rules gave none, and for the total.
    pub class: String,
    /// Its name in words; of the total, what it is called.
    pub label: String,
    /// Whether this is all customers.
    pub total: bool,
    /// Customers whose wallet is known.
    pub customers: i64,
    /// What they spend with us.
    pub own: f64,
    /// What they spend in all, never less than with us.
    pub wallet: f64,
    /// What they spend with competitors.
    pub elsewhere: f64,
    /// Own ÷ wallet, 0 to 1.
    pub share: Option<f64>,
    /// Own ÷ competitors'; can exceed 1.
    pub odds: Option<f64>,
}

/// Wallets known in one way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WalletMethod {
    /// As the sheet says; null where it does not.
    pub method: Option<String>,
    /// Customers.
    pub customers: i64,
    /// Their wallets.
    pub wallet: f64,
    /// Own ÷ wallet.
    pub share: Option<f64>,
}

/// A customer who spends much with competitors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WalletGap {
    /// Id as written.
    pub customer_id: String,
    /// Name, where there is one.
    pub name: Option<String>,
    /// Value class.
    pub class: Option<String>,
    /// Spent with us.
    pub own: f64,
    /// Spent in all.
    pub wallet: f64,
    /// Spent with competitors.
    pub elsewhere: f64,
    /// Own ÷ wallet.
    pub share: Option<f64>,
    /// The share by the Wallet Allocation Rule, where the customer ranked us.
    pub by_rule: Option<f64>,
}

/// A wallet that is less than what was bought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CappedWallet {
    /// Id as written.
    pub customer_id: String,
    /// Name, where there is one.
    pub name: Option<String>,
    /// The category it is of; null for everything.
    pub category: Option<String>,
    /// Spent with us.
    pub own: f64,
    /// What the sheet says the wallet is.
    pub stated: f64,
    /// File, sheet and row that say so.
    pub place: String,
}

/// Share of wallet by the place customers give us among the brands they use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WalletRule {
    /// Answers that rank us.
    pub answers: i64,
    /// Share of them that use more than one brand.
    pub several: Option<f64>,
    /// Whether these are enough for the rule to apply: 40 % or more.
    pub applies: bool,
    /// The mean share by the rule.
    pub share: Option<f64>,
    /// Customers who ranked us and whose wallet is known.
    pub both: i64,
    /// Of them, own ÷ wallet.
    pub measured: Option<f64>,
    /// Of them, the share by the rule, each customer counting with its wallet.
    pub by_rule: Option<f64>,
    /// What that says, in words.
    pub said: String,
}
