package listing

import "strings"

// Options are what letters of LIST have an effect.
type Options struct {
	All bool // -a, -A: entries that the storage marks as hidden, too
}

// Format is the layout that NLST was asked for.
type Format uint8

// The layouts. Of several letters the last one counts.
const (
	OnePerLine Format = iota // -1, or no letter: a name a line
	Columns                  // -C: names in columns, down first, for 80 characters
	Long                     // -l: the long lines of LIST in the session's style
)

// NLSTOptions are what letters of NLST have an effect: the six of behaviour 1.1.
type NLSTOptions struct {
	Format   Format // -1, -C, -l
	Classify bool   // -F: a slash after the name of a directory
	All      bool   // -a, -A: names with a leading dot and hidden entries, too; "." and ".." never
}

// ParseLIST splits the argument of LIST into letters and path, as ParseNLST
// does. Letters other than -a and -A change nothing; a LIST has one layout.
func ParseLIST(arg string) (opts Options, name string) {
	letters, name := letterGroups(arg)
	return Options{All: strings.ContainsAny(letters, "aA")}, name
}

// ParseNLST splits the argument of NLST into letters and path. Letters come in
// groups with a leading dash before the path; "--" ends them. Letters other than
// the six are ignored and never become a name (behaviour 1.2). A word such as
// "-report.txt" is no group of letters but a name; a file called "-l" is
// reached as "./-l" or after "--". The name is what follows, with its blanks.
func ParseNLST(arg string) (opts NLSTOptions, name string) {
	letters, name := letterGroups(arg)
	for _, letter := range letters {
		switch letter {
		case '1':
			opts.Format = OnePerLine
		case 'C':
			opts.Format = Columns
		case 'l':
			opts.Format = Long
		case 'F':
			opts.Classify = true
		case 'a', 'A':
			opts.All = true
		}
	}
	return opts, name
}

// letterGroups takes the leading groups off arg. An argument that begins with
// none is returned as it came.
func letterGroups(arg string) (letters, name string) {
	name = arg
	for {
		word, after, _ := strings.Cut(strings.TrimLeft(name, " "), " ")
		if word == "--" {
			return letters, after
		}
		if len(word) < 2 || word[0] != '-' || strings.ContainsFunc(word[1:], notLetter) {
			return letters, name
		}
		letters += word[1:]
		name = strings.TrimLeft(after, " ")
	}
}

func notLetter(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
}
