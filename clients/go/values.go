package libsales

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"libsales.internal/libsales/salesv1"
)

// ISO 4217 currencies whose minor unit is not a hundredth.
var digitsOf = map[string]int{
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"CLF": 4, "UYW": 4,
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
	"RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}

func digits(currency string) int {
	if digits, special := digitsOf[currency]; special {
		return digits
	}
	return 2
}

var decimal = regexp.MustCompile(`^(-?[0-9]+)(?:\.([0-9]+))?$`)

// ParseMoney makes money of a decimal in the currency's main unit: "12.34" in "EUR" is 1234 minor
// units. More decimals than the currency has are an error, never rounded.
func ParseMoney(amount, currency string) (*salesv1.Money, error) {
	parts := decimal.FindStringSubmatch(amount)
	if parts == nil {
		return nil, fmt.Errorf("libsales: %q is not an amount such as 12.34", amount)
	}
	fraction := strings.TrimRight(parts[2], "0")
	if len(fraction) > digits(currency) {
		return nil, fmt.Errorf("libsales: %s has %d decimals: %q", currency, digits(currency), amount)
	}
	fraction += strings.Repeat("0", digits(currency)-len(fraction))
	minor, err := strconv.ParseInt(parts[1]+fraction, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("libsales: %q is too large an amount", amount)
	}
	return &salesv1.Money{CurrencyCode: currency, MinorUnits: minor}, nil
}

// MustMoney is [ParseMoney] for an amount that stands in the program; it panics if that is wrong.
func MustMoney(amount, currency string) *salesv1.Money {
	money, err := ParseMoney(amount, currency)
	if err != nil {
		panic(err)
	}
	return money
}

// FormatMoney gives the amount in the currency's main unit, without its code: 1234 minor units of
// EUR are "12.34".
func FormatMoney(money *salesv1.Money) string {
	digits := digits(money.GetCurrencyCode())
	text := strconv.FormatInt(money.GetMinorUnits(), 10)
	if digits == 0 {
		return text
	}
	sign, number := "", text
	if strings.HasPrefix(text, "-") {
		sign, number = "-", text[1:]
	}
	if missing := digits + 1 - len(number); missing > 0 {
		number = strings.Repeat("0", missing) + number
	}
	point := len(number) - digits
	return sign + number[:point] + "." + number[point:]
}

// Email is an e-mail address as an identity.
func Email(address string) *salesv1.Identity {
	return &salesv1.Identity{Kind: salesv1.Identity_KIND_EMAIL, Value: address}
}

// Phone is a phone number; without a country code it is read in the workspace's region.
func Phone(number string) *salesv1.Identity {
	return &salesv1.Identity{Kind: salesv1.Identity_KIND_PHONE, Value: number}
}

// Messenger is a name in a messenger service: Messenger("@ivan", "telegram").
func Messenger(name, service string) *salesv1.Identity {
	return &salesv1.Identity{Kind: salesv1.Identity_KIND_MESSENGER, Value: name, Source: service}
}

// External is an id that another system knows the person by: External("17", "crm").
func External(id, source string) *salesv1.Identity {
	return &salesv1.Identity{Kind: salesv1.Identity_KIND_EXTERNAL, Value: id, Source: source}
}
