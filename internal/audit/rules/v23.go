package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// v23 finds letters in two pieces, and homes that look like others for that.
func v23() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V23", Title: "name not in Unicode's composed form", Severity: audit.Medium, Fix: true,
		Explanation: "A value holds a letter and its accent as two characters, or a symbol that Unicode maps to a letter, as macOS and some scripts write them. Windows keeps both forms apart: the name looks right and names no directory, or another one. Two homes that differ in this alone are both found, since nobody can tell them apart on a screen.",
		Remedy:      "Compare the name with the directory, and write both in the composed form, as a Windows keyboard types it; --fix-plan changes the value alone.",
		References:  []string{"Unicode Standard Annex 15"},
	}, Account: tidied(either(func(v value) string {
		if winpath.Compose(v.text) == v.text {
			return ""
		}
		return "the value holds a letter in more than one piece, or a look-alike of one"
	}), winpath.Compose), Crowd: func(c *audit.Crowd, _ *audit.Settings, tell func(audit.Object, audit.Answer)) {
		apart := map[string]audit.Place{} // by the key that looks the same
		c.Places(func(p *audit.Place) bool {
			if key := winpath.Compose(p.Key); key != p.Key {
				apart[key] = *p
			}
			return true
		})
		c.Places(func(p *audit.Place) bool {
			if other, twin := apart[p.Key]; twin {
				tell(p.Object, overlap(p, []audit.Place{other}, "the home looks like the one of "+other.Login+", and is another"))
			}
			return true
		})
	}}
}
