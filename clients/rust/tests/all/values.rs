use libsales::{amount, money};

#[test]
fn money_comes_back_as_it_was() {
    for (text, currency, minor_units, back) in [
        ("0", "EUR", 0, "0.00"),
        ("12.3", "EUR", 1230, "12.30"),
        ("12.340", "EUR", 1234, "12.34"),
        ("-0.05", "USD", -5, "-0.05"),
        ("1500", "JPY", 1500, "1500"),
        ("1.500", "KWD", 1500, "1.500"),
        ("1.0001", "CLF", 10001, "1.0001"),
        ("92233720368547758.07", "EUR", i64::MAX, "92233720368547758.07"),
    ] {
        let parsed = money(text, currency).unwrap();
        assert_eq!(parsed.minor_units, minor_units, "{text} {currency}");
        assert_eq!(amount(&parsed), back);
    }
}

#[test]
fn money_is_never_rounded() {
    for (text, currency) in [
        ("0.001", "EUR"),
        ("1.5", "JPY"),
        ("92233720368547758.08", "EUR"),
        ("", "EUR"),
        ("-", "EUR"),
        ("+1", "EUR"),
        ("1e3", "EUR"),
        ("1,5", "EUR"),
        ("1.", "EUR"),
        (".5", "EUR"),
        ("1.-5", "EUR"),
        ("٣", "EUR"),
    ] {
        assert!(money(text, currency).is_err(), "{text} {currency}");
    }
}
