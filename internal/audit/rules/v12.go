package rules

import (
	"strings"
	"unicode/utf8"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// v12 finds characters that came with copying, or that deceive.
func v12() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V12", Title: "quotes or invisible characters", Severity: audit.Medium, Fix: true,
		Explanation: "A value holds quotation marks, control characters, blanks that do not break, direction marks, a byte order mark or octets that are no text. They come from copying out of documents and batch files, or are there to make one name look like another. The login is refused, or ends where nobody expects it.",
		Remedy:      "Type the value again; --fix-plan drops the characters where the rest is a valid value.",
	}, Account: tidied(withValues(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		for _, v := range values(a) {
			switch {
			case !utf8.ValidString(v.text):
				return found(a, v.attribute, "the value is not UTF-8")
			case winpath.CheckText(v.text) != nil:
				return found(a, v.attribute, "the value holds a control or an invisible character")
			case strings.ContainsFunc(v.text, oddMark):
				return found(a, v.attribute, "the value holds quotation marks or a blank that does not break")
			}
		}
		return audit.Answer{}
	}), func(text string) string {
		return strings.Map(func(r rune) rune {
			if r == utf8.RuneError || oddMark(r) || winpath.CheckText(string(r)) != nil {
				return -1
			}
			return r
		}, text)
	})}
}

// oddMark reports whether a character is a quotation mark or an odd blank.
func oddMark(r rune) bool { return strings.ContainsRune("\"“”„«»\u00a0\u2007\u202f\u3000", r) }
