package survey_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestParseSize(t *testing.T) {
	for text, want := range map[string]survey.Size{
		"0": 0, "1": 1, "1023": 1023, "1K": 1024, "1KB": 1024, "1KiB": 1024, "2 mib": 2 << 20, "1.5GiB": 3 << 29, "20G": 20 << 30, " 3TB ": 3 << 40, "1P": 1 << 50,
	} {
		if got, err := survey.ParseSize(text); err != nil || got != want {
			t.Errorf("%q: got %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "-1", "x", "1X", "GiB", "1e400", "NaN", "Inf", "9e18P", "10%", "1 2"} {
		if got, err := survey.ParseSize(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func TestSize_String(t *testing.T) {
	for size, want := range map[survey.Size]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1536 << 20: "1.5 GiB", 1 << 40: "1.0 TiB", 1 << 62: "4096.0 PiB"} {
		if got := size.String(); got != want {
			t.Errorf("%d: got %q, want %q", size, got, want)
		}
	}
}

func TestParseThreshold(t *testing.T) {
	for text, want := range map[string]string{"10%": "10%", " 2.5 %": "2.5%", "20GiB": "20.0 GiB", "0": "0 B", "0%": "0 B"} {
		if got, err := survey.ParseThreshold(text); err != nil || got.String() != want {
			t.Errorf("%q: got %v, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "101%", "-1%", "NaN%", "x"} {
		if got, err := survey.ParseThreshold(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}
