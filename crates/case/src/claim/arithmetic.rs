//! The arithmetic of claims, in 分: half a 分 is rounded up, and nothing exceeds what its basis allows.

use serde::Serialize;

use super::{Basis, Claim, ClaimError, ClaimKind, promised_multiple};

/// How many times the price damages for fraud are (L-CPL-55).
pub const FRAUD_TIMES: i64 = 3;

/// The least damages for fraud, in 分: 500 yuan (L-CPL-55).
pub const FRAUD_MINIMUM_FEN: i64 = 50_000;

/// What was bought, as far as amounts go; made only by [`Purchase::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Purchase {
    paid_fen: i64,
    quantity: u32,
}

/// What a coverage agreement 包赔 pays (D11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// How many times the price is covered; 1 unless the agreement says more (双倍包赔 is 2).
    pub times: u32,
    /// The most that is paid, in 分; `None` when the agreement names no limit.
    pub limit_fen: Option<i64>,
}

/// Returns `dead / total × paid` in 分, half a 分 rounded up (domain §4).
///
/// Fails on a price that is not positive, and on a count outside `1..=total`.
pub fn pro_rata(paid_fen: i64, dead: u32, total: u32) -> Result<i64, ClaimError> {
    if paid_fen <= 0 {
        return Err(ClaimError::NothingPaid);
    }
    if dead == 0 || dead > total {
        return Err(ClaimError::BadCount { dead, total });
    }
    let (paid, dead, total) = (i128::from(paid_fen), i128::from(dead), i128::from(total));
    let rounded = (2 * paid * dead + total) / (2 * total);
    i64::try_from(rounded).map_err(|_| ClaimError::TooLarge)
}

impl Purchase {
    /// Makes a purchase of `quantity` items for `paid_fen` 分 in all.
    ///
    /// Fails on a price that is not positive and on a quantity of 0.
    pub fn new(paid_fen: i64, quantity: u32) -> Result<Self, ClaimError> {
        if paid_fen <= 0 {
            return Err(ClaimError::NothingPaid);
        }
        if quantity == 0 {
            return Err(ClaimError::BadCount { dead: 0, total: 0 });
        }
        Ok(Self { paid_fen, quantity })
    }

    /// Returns the price paid, in 分.
    pub const fn paid_fen(&self) -> i64 {
        self.paid_fen
    }

    /// Returns the number of items bought.
    pub const fn quantity(&self) -> u32 {
        self.quantity
    }

    /// Claims the whole price back.
    pub fn full_refund(&self) -> Claim {
        claim(ClaimKind::FullRefund, Some(self.paid_fen), Basis::Price)
    }

    /// Claims a reissue or, failing that, the whole price.
    pub fn reissue_or_refund(&self) -> Claim {
        claim(ClaimKind::ReissueOrRefund, Some(self.paid_fen), Basis::Price)
    }

    /// Claims the price of `dead` items back; fails on a count outside `1..=quantity`.
    pub fn partial_refund(&self, dead: u32) -> Result<Claim, ClaimError> {
        let amount = pro_rata(self.paid_fen, dead, self.quantity)?;
        Ok(Claim { count: Some(dead), ..claim(ClaimKind::PartialRefund, Some(amount), Basis::Price) })
    }

    /// Claims `dead` items once more; fails on a count outside `1..=quantity`.
    pub fn make_up_quantity(&self, dead: u32) -> Result<Claim, ClaimError> {
        pro_rata(self.paid_fen, dead, self.quantity)?;
        Ok(Claim { count: Some(dead), ..claim(ClaimKind::MakeUpQuantity, None, Basis::Price) })
    }

    /// Claims what was paid above the advertised price for all items together, in 分.
    ///
    /// Fails when that price is negative or not below the price paid.
    pub fn price_difference(&self, advertised_fen: i64) -> Result<Claim, ClaimError> {
        if !(0..self.paid_fen).contains(&advertised_fen) {
            return Err(ClaimError::NoDifference);
        }
        Ok(claim(ClaimKind::PriceDifference, Some(self.paid_fen - advertised_fen), Basis::Price))
    }

    /// Claims an amount the user chose, in 分, under a kind whose limit is the price paid (S44).
    ///
    /// Fails on an amount outside `1..=paid`, and on kinds that have no amount or compute their own.
    pub fn chosen(&self, kind: ClaimKind, amount_fen: i64) -> Result<Claim, ClaimError> {
        let computed = [
            ClaimKind::PartialRefund,
            ClaimKind::PromisedMultiple,
            ClaimKind::FraudDamages,
            ClaimKind::CoveragePayout,
        ];
        if !kind.has_amount() || computed.contains(&kind) {
            return Err(ClaimError::NeedsFacts);
        }
        capped(amount_fen, self.paid_fen)?;
        Ok(claim(kind, Some(amount_fen), Basis::Price))
    }

    /// Claims the multiple promised in `promise`, such as 假一赔三 (L-NCI-10, L-CPLR-12).
    ///
    /// The amount is the multiple of the price paid; whether the price comes back beside it is not decided
    /// here. Fails when the text names no multiple.
    pub fn promised(&self, promise: &str) -> Result<Claim, ClaimError> {
        let promise = promised_multiple(promise).ok_or(ClaimError::NoMultiple)?;
        let amount = self.paid_fen.checked_mul(i64::from(promise.times)).ok_or(ClaimError::TooLarge)?;
        Ok(claim(ClaimKind::PromisedMultiple, Some(amount), Basis::Promise(promise)))
    }

    /// Claims damages for fraud: three times the price, 500 yuan at least (L-CPL-55).
    ///
    /// Fails unless the user has confirmed facts of fraud; it is never a default claim.
    pub fn fraud_damages(&self, fraud_confirmed: bool) -> Result<Claim, ClaimError> {
        if !fraud_confirmed {
            return Err(ClaimError::FraudNotConfirmed);
        }
        let amount = self.paid_fen.checked_mul(FRAUD_TIMES).ok_or(ClaimError::TooLarge)?;
        Ok(claim(ClaimKind::FraudDamages, Some(amount.max(FRAUD_MINIMUM_FEN)), Basis::Fraud))
    }

    /// Claims what a coverage agreement pays: its multiple of the price, up to its limit.
    ///
    /// Fails when the agreement pays nothing.
    pub fn coverage_payout(&self, coverage: Coverage) -> Result<Claim, ClaimError> {
        if coverage.times == 0 || coverage.limit_fen.is_some_and(|limit| limit <= 0) {
            return Err(ClaimError::NoCoverage);
        }
        let whole = self.paid_fen.checked_mul(i64::from(coverage.times)).ok_or(ClaimError::TooLarge)?;
        let amount = coverage.limit_fen.map_or(whole, |limit| whole.min(limit));
        Ok(claim(ClaimKind::CoveragePayout, Some(amount), Basis::Coverage(coverage)))
    }
}

impl Claim {
    /// Makes a claim that names neither amount nor count, such as a report or a reissue.
    ///
    /// Fails on kinds whose sentence needs one.
    pub fn plain(kind: ClaimKind) -> Result<Self, ClaimError> {
        if kind.text().text.zh.contains('{') {
            return Err(ClaimError::NeedsFacts);
        }
        Ok(claim(kind, None, Basis::Price))
    }

    /// Makes a claim for `asked_fen` out of a sum that is due, such as a balance or a decided refund, in 分.
    ///
    /// Fails on an amount outside `1..=due`, and on kinds that are about no such sum.
    pub fn of_sum(kind: ClaimKind, asked_fen: i64, due_fen: i64) -> Result<Self, ClaimError> {
        let sums = [ClaimKind::BalanceRefund, ClaimKind::PayOut, ClaimKind::ReverseCharge];
        if !sums.contains(&kind) {
            return Err(ClaimError::NeedsFacts);
        }
        capped(asked_fen, due_fen)?;
        Ok(claim(kind, Some(asked_fen), Basis::Price))
    }
}

fn claim(kind: ClaimKind, amount_fen: Option<i64>, basis: Basis) -> Claim {
    Claim { kind, amount_fen, count: None, basis }
}

fn capped(asked_fen: i64, cap_fen: i64) -> Result<(), ClaimError> {
    if asked_fen <= 0 {
        return Err(ClaimError::NothingAsked);
    }
    if asked_fen > cap_fen {
        return Err(ClaimError::AboveCap { asked_fen, cap_fen });
    }
    Ok(())
}
