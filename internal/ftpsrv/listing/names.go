package listing

import (
	"io"
	"io/fs"
	"iter"
	"strings"
	"time"
)

// Names is the answer to one NLST.
type Names struct {
	Style   Style // of the long lines of -l
	Options NLSTOptions
	Dir     string    // the directory as the client gave it, which precedes the names; "" is none
	Pattern string    // only names that match; "" is all
	Now     time.Time // for -l, see Style.Append
}

// Write prints entries to w in order (see Sorted). Names with a leading dot are
// left out as by ls, unless -a or -A is given or the pattern itself begins with
// a dot; so are entries that the storage marks as hidden. For the NLST of a
// single file set Options.All, since who names it wants it. Long lines show the
// bare name. The error is the first of w or of entries.
func (n Names) Write(w io.Writer, entries iter.Seq2[fs.FileInfo, error]) error {
	out := newWriter(w)
	var table columns
	for info, err := range Sorted(entries) {
		if err != nil {
			out.buf = table.append(out.buf)
			return out.end(err)
		}
		if !n.shows(info) {
			continue
		}
		switch n.Options.Format {
		case Columns:
			table.add(string(n.appendName(nil, info)))
			if table.full() {
				out.buf = table.append(out.buf)
				table = columns{}
			}
		case Long:
			out.buf = n.Style.appendLine(out.buf, info, n.Now)
			out.buf = append(n.classify(out.buf, info), '\r', '\n')
		default:
			out.buf = append(n.appendName(out.buf, info), '\r', '\n')
		}
		if err := out.spill(); err != nil {
			return err
		}
	}
	out.buf = table.append(out.buf)
	return out.end(nil)
}

func (n Names) shows(info fs.FileInfo) bool {
	name := info.Name()
	if nameless(name) || n.Pattern != "" && !Match(n.Pattern, name) {
		return false
	}
	return n.Options.All || !hidden(info) && (!dotted(name) || dotted(n.Pattern))
}

// appendName adds the name as a client can use it in its next command: behind
// the directory that it asked for.
func (n Names) appendName(dst []byte, info fs.FileInfo) []byte {
	if n.Dir != "" {
		dst = appendClean(dst, n.Dir, false)
		if !strings.HasSuffix(n.Dir, "/") && !strings.HasSuffix(n.Dir, `\`) {
			dst = append(dst, '/')
		}
	}
	return n.classify(appendEntry(dst, info.Name()), info)
}

func (n Names) classify(dst []byte, info fs.FileInfo) []byte {
	if n.Options.Classify && info.IsDir() {
		return append(dst, '/')
	}
	return dst
}
