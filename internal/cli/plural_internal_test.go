package cli

import (
	"testing"
	"time"
)

func TestPlural(t *testing.T) {
	for want, got := range map[string]string{
		"0 homes": plural(0, "home"), "1 home": plural(1, "home"), "2 homes": plural(2, "home"),
		"1 directory": plural(1, "directory"), "2 directories": plural(2, "directory"), "1 domain controller": plural(1, "domain controller"),
		"has": agree(1, "has", "have"), "have": agree(2, "has", "have"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// What is counted agrees with its number wherever a command says how many.
func TestPlural_ofOne(t *testing.T) {
	for want, got := range map[string]string{
		"1 of 1 user failed":                       (&batchError{failed: 1, total: 1}).Error(),
		"1 of 2 directories failed, 1 not tried":   (&batchError{what: "directory", failed: 1, total: 2, left: 1}).Error(),
		"checking: 1 home, 1/s":                    (&progress{doing: "checking: ", what: "home", count: 1}).text(time.Second),
		"making: 1 of 2 directories, 1/s, 1s left": (&progress{doing: "making: ", what: "directory", count: 1, total: 2}).text(time.Second),
		"1 home to make, 1 folder above it":        madeText(1, 1),
		"2 homes to make, 0 folders above them":    madeText(2, 0),
		"1 change is":                              changesText(1),
		"3 changes are":                            changesText(3),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
