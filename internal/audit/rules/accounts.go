package rules

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// rule is what Check.Account takes.
type rule = func(*audit.Account, *audit.Settings) audit.Answer

// notChecked is the answer of a rule that cannot tell.
func notChecked(reason string) audit.Answer {
	return audit.Answer{Status: audit.NotChecked, Reason: reason}
}

// nothing is the answer of a rule that is not about this object.
func nothing() audit.Answer { return audit.Answer{Skip: true} }

// found is an answer that shows both attributes as they are.
func found(a *audit.Account, location, message string, more ...audit.Evidence) audit.Answer {
	evidence := slices.Clone(more)
	for _, v := range [...]audit.Evidence{{Name: homedir.AttrRoot, Value: a.Root}, {Name: homedir.AttrDir, Value: a.Dir}} {
		if v.Value != "" {
			evidence = append(evidence, v)
		}
	}
	return audit.Answer{Status: audit.Found, Location: location, Message: message, Evidence: evidence}
}

// clears makes an answer propose to take the home away.
func clears(a *audit.Account, answer audit.Answer) audit.Answer {
	answer.Fix = &audit.Fix{Action: "clear", Before: audit.FixValues{Root: a.Root, Dir: a.Dir}}
	return answer
}

// is reports whether an object is of a class.
func is(a *audit.Account, class string) bool {
	return slices.ContainsFunc(a.Classes, func(c string) bool { return strings.EqualFold(c, class) })
}

// withValues asks about accounts that have one of the attributes and are users.
func withValues(judge rule) rule {
	return func(a *audit.Account, s *audit.Settings) audit.Answer {
		switch {
		case !audit.HasValues(a) || stranger(a):
			return nothing()
		case len(a.Classes) == 0:
			return notChecked(noClass)
		}
		return judge(a, s)
	}
}

// noClass is the sign of a reader who may not read: what it sees of an account tells
// nothing.
const noClass = "objectClass cannot be read"

// stranger reports whether an object is none that a login could find.
func stranger(a *audit.Account) bool {
	return len(a.Classes) > 0 && !is(a, "user") || strings.Contains(a.DN, "\nDEL:") || strings.Contains(a.DN, `\0ADEL:`)
}

// readable asks about accounts with a value whose text can be read.
func readable(judge rule) rule {
	return withValues(func(a *audit.Account, s *audit.Settings) audit.Answer {
		if !utf8.ValidString(a.Root) || !utf8.ValidString(a.Dir) {
			return notChecked("a value is not UTF-8")
		}
		return judge(a, s)
	})
}

// valid asks about accounts with a home that a login takes.
func valid(judge rule) rule {
	return withValues(func(a *audit.Account, s *audit.Settings) audit.Answer {
		if a.HomeErr != nil {
			return notChecked("the home is not valid")
		}
		return judge(a, s)
	})
}

// known asks about accounts with a home whose state can be read.
func known(judge rule) rule {
	return withValues(func(a *audit.Account, s *audit.Settings) audit.Answer {
		if !a.Account.Account.Known {
			return notChecked("userAccountControl cannot be read")
		}
		return judge(a, s)
	})
}

// enabled asks about accounts with a home that are not disabled: of those A01 says
// all there is to say.
func enabled(judge rule) rule {
	return known(func(a *audit.Account, s *audit.Settings) audit.Answer {
		if !a.Account.Account.Enabled {
			return nothing()
		}
		return judge(a, s)
	})
}
