//! Checksums of numbers, by the name the table uses.

use serde::Deserialize;

/// A named check of a matched number.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Check {
    /// GB 11643: a date that exists, and the check digit. A wrong check digit only lowers the severity.
    IdCard,
    /// ISO/IEC 7812: a wrong check digit is no card.
    Luhn,
}

impl Check {
    /// The severity of a number, from the rule's own; `None` if it is no such number.
    pub(super) fn severity(self, number: &str, severity: u8) -> Option<u8> {
        let digits: Vec<u32> = number.chars().map(|c| c.to_digit(10).unwrap_or(10)).collect();
        match self {
            Self::Luhn => luhn(&digits).then_some(severity),
            Self::IdCard if !has_date(number) => None,
            Self::IdCard => Some(if id_card(&digits) { severity } else { severity.saturating_sub(1).max(1) }),
        }
    }
}

fn has_date(number: &str) -> bool {
    let part = |from: usize, to: usize| number.get(from..to).and_then(|part| part.parse::<i16>().ok());
    let small = |from, to| part(from, to).and_then(|part| i8::try_from(part).ok());
    match (part(6, 10), small(10, 12), small(12, 14)) {
        (Some(year), Some(month), Some(day)) => jiff::civil::Date::new(year, month, day).is_ok(),
        _ => false,
    }
}

fn id_card(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    digits.len() == 18 && digits.last().is_some_and(|&last| (12 - sum % 11) % 11 == last)
}

fn luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let value = |(at, &digit): (usize, &u32)| if at % 2 == 1 { doubled(digit) } else { digit };
    digits.len() >= 15 && digits.iter().rev().enumerate().map(value).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums() {
        let cases = [
            (Check::IdCard, "110101199001010015", Some(3)),
            (Check::IdCard, "110101190001010014", Some(3)),
            (Check::IdCard, "110101199001010014", Some(2)),
            (Check::IdCard, "110101199002300014", None),
            (Check::IdCard, "44030619881231002x", Some(2)),
            (Check::Luhn, "6200000000000005", Some(3)),
            (Check::Luhn, "6200000000000006", None),
        ];
        for (check, number, severity) in cases {
            assert_eq!(check.severity(number, 3), severity, "{number}");
        }
    }
}
