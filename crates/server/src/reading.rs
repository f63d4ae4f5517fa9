//! What people type, read: times in Asia/Shanghai unless they name another offset, and yuan without rounding.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Reads `2026-09-21 14:30`, `2026-09-21T14:30:12`, or either with an offset or `Z`.
///
/// # Errors
/// Says in English what is wrong with the text.
pub fn time(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let civil: DateTime = text.parse().map_err(|error: jiff::Error| error.to_string())?;
    if !text.contains(':') {
        return Err("no time of day".to_owned());
    }
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    zone.to_timestamp(civil).map_err(|error| error.to_string())
}

/// Reads yuan with at most two decimals as 分, without floating point.
pub fn fen(text: &str) -> Option<i64> {
    let digits = text.trim().trim_start_matches(['¥', '￥']);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > 2 || !numeric(whole) || !numeric(part) {
        return None;
    }
    format!("{whole}{part:0<2}").parse().ok()
}
