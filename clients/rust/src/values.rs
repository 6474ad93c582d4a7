use std::error::Error;
use std::fmt;

use crate::v1::{Identity, Money, identity::Kind};

/// Why a text is no money: more decimals than the currency has, too much, or no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyError(String);

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for MoneyError {}

/// How many decimals a currency of ISO 4217 has.
fn digits(currency: &str) -> usize {
    match currency {
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        _ => 2,
    }
}

/// Makes money of a decimal in the currency's main unit.
///
/// # Errors
///
/// More decimals than the currency has are an error, never rounded.
///
/// ```
/// let price = libsales::money("12.34", "EUR")?;
/// assert_eq!(price.minor_units, 1234);
/// assert_eq!(libsales::amount(&price), "12.34");
/// assert!(libsales::money("12.345", "EUR").is_err());
/// # Ok::<(), libsales::MoneyError>(())
/// ```
pub fn money(amount: &str, currency: &str) -> Result<Money, MoneyError> {
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, "0"));
    let numeric = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric(whole.strip_prefix('-').unwrap_or(whole)) || !numeric(fraction) {
        return Err(MoneyError(format!("{amount:?} is not an amount such as 12.34")));
    }
    let (fraction, digits) = (fraction.trim_end_matches('0'), digits(currency));
    if fraction.len() > digits {
        return Err(MoneyError(format!("{currency} has {digits} decimals: {amount:?}")));
    }
    let minor_units = format!("{whole}{fraction:0<digits$}")
        .parse()
        .map_err(|_| MoneyError(format!("{amount:?} is too large an amount")))?;
    Ok(Money { currency_code: currency.to_owned(), minor_units })
}

/// Gives the amount in the currency's main unit, without its code: 1234 minor units of EUR are
/// "12.34".
pub fn amount(money: &Money) -> String {
    let digits = digits(&money.currency_code);
    let sign = if money.minor_units < 0 { "-" } else { "" };
    let number = format!("{:0>width$}", money.minor_units.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = number.split_at(number.len() - digits);
    let point = if digits > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{fraction}")
}

fn identity(kind: Kind, value: impl Into<String>, source: impl Into<String>) -> Identity {
    Identity { kind: kind.into(), value: value.into(), source: source.into(), ..Default::default() }
}

/// Gives an e-mail address as an identity.
pub fn email(address: impl Into<String>) -> Identity {
    identity(Kind::Email, address, "")
}

/// Gives a phone number; without a country code it is read in the workspace's region.
pub fn phone(number: impl Into<String>) -> Identity {
    identity(Kind::Phone, number, "")
}

/// Gives a name in a messenger service: `messenger("@ivan", "telegram")`.
pub fn messenger(name: impl Into<String>, service: impl Into<String>) -> Identity {
    identity(Kind::Messenger, name, service)
}

/// Gives an id that another system knows the person by: `external("17", "crm")`.
pub fn external(id: impl Into<String>, source: impl Into<String>) -> Identity {
    identity(Kind::External, id, source)
}
