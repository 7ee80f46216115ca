package rules

import (
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// value is one attribute of an account.
type value struct{ attribute, text string }

// values are the attributes that are there.
func values(a *audit.Account) []value {
	all := []value{{homedir.AttrRoot, a.Root}, {homedir.AttrDir, a.Dir}}
	return slices.DeleteFunc(all, func(v value) bool { return v.text == "" })
}

// either asks about each attribute, and answers with the first that is wrong.
func either(wrong func(v value) (message string)) rule {
	return readable(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		for _, v := range values(a) {
			if message := wrong(v); message != "" {
				return found(a, v.attribute, message)
			}
		}
		return audit.Answer{}
	})
}

// component asks about each component of each attribute. The host and the share of a
// UNC path are none, nor is the letter of a drive.
func component(wrong func(name string) (message string)) rule {
	return either(func(v value) string {
		for _, name := range componentsOf(v.text) {
			if message := wrong(name); message != "" {
				return v.attribute + " has the component " + name + ", which " + message
			}
		}
		return ""
	})
}

func separator(r rune) bool { return r == '\\' || r == '/' }

// componentsOf takes a path apart as far as that is possible.
func componentsOf(text string) []string {
	names := strings.FieldsFunc(text, separator)
	switch {
	case isUNC(text):
		return names[min(2, len(names)):]
	case hasDrive(text):
		return strings.FieldsFunc(text[2:], separator)
	}
	return names
}

// isUNC reports whether a path begins with two separators.
func isUNC(text string) bool {
	return len(text) > 1 && separator(rune(text[0])) && separator(rune(text[1]))
}

// hasDrive reports whether a path begins with a letter and a colon.
func hasDrive(text string) bool {
	return len(text) > 1 && text[1] == ':' && (text[0]|0x20) >= 'a' && (text[0]|0x20) <= 'z'
}

// isPOSIX reports whether a root is a folder of a Linux machine.
func isPOSIX(root string) bool { return strings.HasPrefix(root, "/") && !isUNC(root) }

// isDevice reports whether a path begins as those do that leave the usual names.
func isDevice(text string) bool {
	return len(text) > 3 && isUNC(text) && (text[2] == '?' || text[2] == '.') && separator(rune(text[3])) || strings.HasPrefix(text, `\??\`)
}

// hostOf returns the host of a UNC path, "" of any other.
func hostOf(root string) string {
	names := strings.FieldsFunc(root, separator)
	if !isUNC(root) || isDevice(root) || len(names) == 0 {
		return ""
	}
	return names[0]
}

// swapped reports whether root and dir stand in each other's place.
func swapped(a *audit.Account) bool {
	absolute := func(text string) bool { return isUNC(text) || hasDrive(text) }
	return a.Root != "" && absolute(a.Dir) && !absolute(a.Root) && !isPOSIX(a.Root)
}

// whole reports whether a dir names the root itself.
func whole(dir string) bool {
	return dir != "" && strings.Trim(dir, `.\/`) == "" && !strings.Contains(dir, "..") && !isUNC(dir)
}

// replaced makes an answer propose other values, if a login would take them.
func replaced(a *audit.Account, answer audit.Answer, root, dir string) audit.Answer {
	if _, err := homedir.New(root, dir); err != nil || answer.Status != audit.Found || root == a.Root && dir == a.Dir {
		return answer
	}
	answer.Fix = &audit.Fix{Action: "set", Before: audit.FixValues{Root: a.Root, Dir: a.Dir}, After: audit.FixValues{Root: root, Dir: dir}}
	return answer
}

// tidied is replaced with both values passed through a change. Where nothing is left of a
// component the rest names the folder above, which is for a person to decide about.
func tidied(judge rule, change func(string) string) rule {
	return func(a *audit.Account, s *audit.Settings) audit.Answer {
		answer := judge(a, s)
		root, dir := change(a.Root), change(a.Dir)
		if names(root) != names(a.Root) || names(dir) != names(a.Dir) {
			return answer
		}
		return replaced(a, answer, root, dir)
	}
}

// names counts what stands between separators.
func names(text string) int { return len(strings.FieldsFunc(text, separator)) }
