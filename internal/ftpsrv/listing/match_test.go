package listing_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"*", "", true},
		{"*", "anything", true},
		{"", "", true},
		{"", "a", false},
		{"?", "a", true},
		{"?", "ä", true},
		{"?", "", false},
		{"?", "ab", false},
		{"a?c", "abc", true},
		{"*.txt", "readme.txt", true},
		{"*.txt", "README.TXT", true},
		{"*.TXT", "readme.txt", true},
		{"*.txt", "readme.txt.bak", false},
		{"r*e*.t?t", "readme.txt", true},
		{"*me*", "readme.txt", true},
		{"a*b*c", "a-b-b-c-c", true},
		{"a*b*c", "a-c-b", false},
		{"GRÜ*", "grüße", true},
		{"***a***", "bab", true},
		{"*.*", "noextension", true},
		{"*.*", "with.extension", true},
		{"read*.*", "readme", true},
		{"read*.*", "other", false},
		{".*", ".profile", true},
		{".*", "profile", false},
		{"[a-z]", "b", false},
		{"[a-z]", "[a-z]", true},
		{"{a,b}", "a", false},
		{"{a,b}*", "{A,B}c", true},
		{"a\xff?", "A\xff\xfe", true},
		{"\xff", "\xfe", false},
		{"\ufffd", "\xff", false},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%q %q", tt.pattern, tt.name), func(t *testing.T) {
			if got := listing.Match(tt.pattern, tt.name); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// G1: patterns that make a recursive matcher take for ever.
func TestMatch_hostilePatterns(t *testing.T) {
	name := strings.Repeat("a", 255)
	start := time.Now()
	for _, pattern := range []string{
		strings.Repeat("*a", 2000) + "b",
		strings.Repeat("*", 4000) + "b",
		"*" + strings.Repeat("a", 127) + "b",
		strings.Repeat("*"+strings.Repeat("a", 16)+"?", 200) + "b",
		strings.Repeat("{a,b}", 800),
		strings.Repeat("[a-z]", 800),
		strings.Repeat("*/../", 800),
	} {
		for range 20 {
			if listing.Match(pattern, name) {
				t.Errorf("%.20q matches", pattern)
			}
		}
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("took %v", d)
	}
}

func TestSplitPattern(t *testing.T) {
	for _, tt := range []struct{ arg, dir, pattern string }{
		{"", "", ""},
		{"docs", "docs", ""},
		{"*.txt", "", "*.txt"},
		{"docs/*.txt", "docs/", "*.txt"},
		{`docs\?.txt`, `docs\`, "?.txt"},
		{"/*", "/", "*"},
		{"a*/b", "a*/b", ""},
		{"*/../*/../x?", "*/../*/../", "x?"},
		{"docs/", "docs/", ""},
	} {
		t.Run(tt.arg, func(t *testing.T) {
			if dir, pattern := listing.SplitPattern(tt.arg); dir != tt.dir || pattern != tt.pattern {
				t.Errorf("got %q, %q, want %q, %q", dir, pattern, tt.dir, tt.pattern)
			}
		})
	}
}

// FuzzMatch compares with an expression that means the same.
func FuzzMatch(f *testing.F) {
	f.Add("*a?b*", "xaybz")
	f.Add("*.*", "abc")
	f.Add("a**b", "AB")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 40 || strings.ContainsFunc(pattern+name, func(r rune) bool { return r < ' ' || r > '~' }) ||
			strings.HasSuffix(pattern, ".*") {
			return
		}
		expr := regexp.QuoteMeta(pattern)
		expr = strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(expr)
		want := regexp.MustCompile("(?is)^(?:" + expr + ")$").MatchString(name)
		if got := listing.Match(pattern, name); got != want {
			t.Errorf("Match(%q, %q) = %v, want %v", pattern, name, got, want)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	for b.Loop() {
		listing.Match("*report*.xls?", "quarterly report 2026.xlsx")
	}
}
