package rules_test

import (
	"strings"
	"testing"
)

func TestV15(t *testing.T) {
	try(t, "V15",
		example{name: "far too long", account: user("al", home(`\\fs01\ftp$\`+strings.Repeat("a", 127), strings.Repeat("b", 120))), want: "medium"},
		example{name: "long", account: user("al", home(`\\fs01\ftp$`, strings.Repeat("b", 188))), want: "low"},
		example{name: "just short", account: user("al", home(`\\fs01\ftp$`, strings.Repeat("b", 187))), want: "passed"},
		example{name: "not valid", account: user("al", home(`\\fs01`, "x")), want: "not checked: the home is not valid"},
	)
}
