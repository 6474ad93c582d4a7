package libsales_test

import (
	"fmt"
	"math"
	"testing"

	"libsales.internal/libsales"
	"libsales.internal/libsales/salesv1"
)

func ExampleParseMoney() {
	price, err := libsales.ParseMoney("12.34", "EUR")
	fmt.Println(price.MinorUnits, price.CurrencyCode, err)
	_, err = libsales.ParseMoney("12.345", "EUR")
	fmt.Println(err)
	// Output:
	// 1234 EUR <nil>
	// libsales: EUR has 2 decimals: "12.345"
}

func ExampleFormatMoney() {
	fmt.Println(libsales.FormatMoney(&salesv1.Money{MinorUnits: 860000, CurrencyCode: "EUR"}))
	// Output: 8600.00
}

func TestMoneyComesBackAsItWas(t *testing.T) {
	for _, test := range []struct {
		amount, currency string
		minor            int64
		text             string
	}{
		{"0", "EUR", 0, "0.00"},
		{"12.3", "EUR", 1230, "12.30"},
		{"12.340", "EUR", 1234, "12.34"},
		{"-0.05", "USD", -5, "-0.05"},
		{"1500", "JPY", 1500, "1500"},
		{"1.500", "KWD", 1500, "1.500"},
		{"1.0001", "CLF", 10001, "1.0001"},
		{"92233720368547758.07", "EUR", math.MaxInt64, "92233720368547758.07"},
	} {
		money, err := libsales.ParseMoney(test.amount, test.currency)
		if err != nil || money.MinorUnits != test.minor {
			t.Errorf("%s %s: %v, %v", test.amount, test.currency, money, err)
			continue
		}
		if text := libsales.FormatMoney(money); text != test.text {
			t.Errorf("%s %s comes back as %s", test.amount, test.currency, text)
		}
	}
}

func TestMoneyIsNeverRounded(t *testing.T) {
	for amount, currency := range map[string]string{
		"0.001": "EUR", "1.5": "JPY", "92233720368547758.08": "EUR", "": "EUR", "1e3": "EUR",
		"1,5": "EUR", ".5": "EUR", "٣": "EUR",
	} {
		if money, err := libsales.ParseMoney(amount, currency); err == nil {
			t.Errorf("%q %s is %v", amount, currency, money)
		}
	}
}
