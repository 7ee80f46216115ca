package listing

import (
	"hash/fnv"
	"io"
	"io/fs"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Facts are the facts about an entry that MLST and MLSD show (RFC 3659 section 7.5).
type Facts uint8

// The facts, in the order in which they stand on a line.
const (
	FactType Facts = 1 << iota
	FactPerm
	FactSize
	FactModify
	FactUnique
	FactUnixMode
	AllFacts = 1<<iota - 1
)

// names are the facts' own, in their order.
func (Facts) names() []string {
	return []string{"type", "perm", "size", "modify", "unique", "UNIX.mode"}
}

// ParseFacts reads the argument of OPTS MLST (RFC 3659 section 7.9): names, each
// with a semicolon behind it, in any letter case. Those that are not known count for
// nothing; no argument is no fact. The last semicolon may be missing, as clients
// write it, where all names are known. ok is false where the form is not kept.
func ParseFacts(arg string) (f Facts, ok bool) {
	if arg == "" {
		return 0, true
	}
	list, ended := strings.CutSuffix(arg, ";")
	if strings.ContainsFunc(list, notFact) {
		return 0, false
	}
	for name := range strings.SplitSeq(list, ";") {
		fact := f.named(name)
		if name == "" || fact == 0 && !ended {
			return 0, false
		}
		f |= fact
	}
	return f, true
}

// named is the fact of a name, or none.
func (Facts) named(name string) Facts {
	for i, known := range Facts(0).names() {
		if strings.EqualFold(name, known) {
			return 1 << i
		}
	}
	return 0
}

// notFact is what a list of facts does not hold (RCHAR of RFC 3659 section 2.2, and
// the semicolon).
func notFact(r rune) bool {
	return notLetter(r) && !strings.ContainsRune(`,.:!@#$%^&()-_+?/\'";`, r)
}

// String names the facts as the reply to OPTS MLST does, such as "type;size;".
func (f Facts) String() string {
	return f.list(func(name string, chosen bool) string { return pick(chosen, name+";", "") })
}

// Feature names all facts there are as FEAT does, those of f with an asterisk.
func (f Facts) Feature() string {
	return f.list(func(name string, chosen bool) string { return name + pick(chosen, "*;", ";") })
}

func (f Facts) list(word func(name string, chosen bool) string) string {
	var b strings.Builder
	for i, name := range f.names() {
		b.WriteString(word(name, f&(1<<i) != 0))
	}
	return b.String()
}

func pick(yes bool, one, other string) string {
	if yes {
		return one
	}
	return other
}

// Machine makes the lines of MLST and MLSD.
type Machine struct {
	Facts           Facts
	NoRead, NoWrite bool   // what the login may not do, for the fact perm
	Dir             string // virtual path of the directory that the entries lie in, for the fact unique
}

// Write prints a line for each of entries to w, in order (see Sorted), ended by CRLF.
// Hidden entries are among them: MLSD has no letters to ask for these, and who
// mirrors a directory wants all of it. The error is the first of w or of entries.
func (m Machine) Write(w io.Writer, entries iter.Seq2[fs.FileInfo, error]) error {
	out := newWriter(w)
	for info, err := range Sorted(entries) {
		if err != nil {
			return out.end(err)
		}
		if nameless(info.Name()) {
			continue
		}
		path := strings.TrimSuffix(m.Dir, "/") + "/" + info.Name()
		out.buf = append(appendEntry(append(m.Append(out.buf, info, path), ' '), info.Name()), '\r', '\n')
		if err := out.spill(); err != nil {
			return err
		}
	}
	return out.end(nil)
}

// Append adds the facts of the entry at a virtual path to dst, each with its
// semicolon, and returns the extended slice. Times are UTC (section 2.3).
func (m Machine) Append(dst []byte, info fs.FileInfo, path string) []byte {
	if m.Facts&FactType != 0 {
		dst = append(dst, pick(info.IsDir(), "type=dir;", "type=file;")...)
	}
	if m.Facts&FactPerm != 0 {
		dst = append(m.appendPerm(append(dst, "perm="...), info, path), ';')
	}
	if m.Facts&FactSize != 0 {
		size := max(info.Size(), 0)
		if info.IsDir() {
			size = 0
		}
		dst = append(strconv.AppendInt(append(dst, "size="...), size, 10), ';')
	}
	if m.Facts&FactModify != 0 {
		dst = append(appendTime(append(dst, "modify="...), info.ModTime()), ';')
	}
	if m.Facts&FactUnique != 0 {
		dst = append(strconv.AppendUint(append(dst, "unique="...), unique(info, path), 16), ';')
	}
	if m.Facts&FactUnixMode != 0 {
		dst = append(dst, "UNIX.mode=0"...)
		perm := uint64(info.Mode().Perm())
		dst = append(dst, byte('0'+perm>>6), byte('0'+perm>>3&7), byte('0'+perm&7), ';')
	}
	return dst
}

// appendPerm adds what the login may do with an entry (section 7.5.5), as far as that
// is known without trying. The home itself is neither renamed nor deleted.
func (m Machine) appendPerm(dst []byte, info fs.FileInfo, path string) []byte {
	const anyWrite = 0o222
	fixed := info.Mode().Perm()&anyWrite == 0
	for _, letter := range pick(info.IsDir(), "cdeflmp", "adfrw") {
		var may bool
		switch letter {
		case 'e', 'l', 'r':
			may = !m.NoRead
		case 'd', 'f':
			may = !m.NoWrite && path != "/"
		default:
			may = !m.NoWrite && !fixed
		}
		if may {
			dst = append(dst, byte(letter))
		}
	}
	return dst
}

// appendTime adds a time as RFC 3659 section 2.3 writes it.
func appendTime(dst []byte, when time.Time) []byte {
	when = when.UTC()
	dst = appendYear(dst, when.Year())
	dst = appendTwo(appendTwo(dst, int(when.Month())), when.Day())
	return appendTwo(appendTwo(appendTwo(dst, when.Hour()), when.Minute()), when.Second())
}

// unique tells entries apart: by what the system knows them by, so that two hard
// links are one file, or else by their path.
func unique(info fs.FileInfo, path string) uint64 {
	h := fnv.New64a()
	if key, known := identity(info); known {
		_, _ = h.Write(key[:])
	} else {
		_, _ = io.WriteString(h, path)
	}
	return h.Sum64()
}
