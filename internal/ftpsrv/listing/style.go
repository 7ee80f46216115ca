package listing

import (
	"io/fs"
	"strconv"
	"time"
)

// Style is how the long lines of a session look (showFlags of IIS's
// directoryBrowse); the zero Style is IIS's default, MS-DOS style with two-digit
// years. SITE DIRSTYLE flips Unix.
type Style struct {
	Unix     bool // UNIX style
	LongDate bool // four-digit years in MS-DOS style; without effect in UNIX style
	GMT      bool // times in UTC instead of the zone of now
}

// Append adds the long line of info to dst, ended by CRLF, and returns the
// extended slice. Times are shown in the zone of now, whose year also decides
// between year and time of day in UNIX style. It allocates nothing but the
// growth of dst.
func (s Style) Append(dst []byte, info fs.FileInfo, now time.Time) []byte {
	dst = s.appendLine(dst, info, now)
	return append(dst, '\r', '\n')
}

func (s Style) appendLine(dst []byte, info fs.FileInfo, now time.Time) []byte {
	if s.GMT {
		now = now.UTC()
	}
	when := info.ModTime().In(now.Location())
	if s.Unix {
		dst = appendUnix(dst, info, when, now)
	} else {
		dst = appendDOS(dst, info, when, s.LongDate)
	}
	return appendEntry(dst, info.Name())
}

// appendDOS adds what stands before the name in MS-DOS style, counted from
// transcripts: a name starts in column 40, or 42 with a long date.
func appendDOS(dst []byte, info fs.FileInfo, when time.Time, longDate bool) []byte {
	year, month, day := when.Date()
	dst = append(appendTwo(dst, int(month)), '-')
	dst = append(appendTwo(dst, day), '-')
	if longDate {
		dst = appendYear(dst, year)
	} else {
		dst = appendTwo(dst, boundYear(year)%100)
	}
	hour, minute, _ := when.Clock()
	half := "AM"
	if hour >= 12 {
		half = "PM"
	}
	dst = append(dst, "  "...)
	dst = append(appendTwo(dst, (hour+11)%12+1), ':')
	dst = append(appendTwo(dst, minute), half...)
	if info.IsDir() {
		return append(dst, "       <DIR>          "...)
	}
	return append(appendRight(dst, info.Size(), 21), ' ')
}

// appendUnix adds what stands before the name in UNIX style. Owner and group
// are the literal words that IIS prints. The year stands for the time when it
// is not the present one, which is IIS's rule and not the six months of ls.
func appendUnix(dst []byte, info fs.FileInfo, when, now time.Time) []byte {
	kind, size := byte('-'), info.Size()
	if info.IsDir() {
		kind, size = 'd', 0
	}
	dst = append(dst, kind)
	const letters = "rwxrwxrwx"
	perm := info.Mode().Perm()
	for i := range len(letters) {
		if perm&(1<<(8-i)) != 0 {
			dst = append(dst, letters[i])
		} else {
			dst = append(dst, '-')
		}
	}
	dst = append(dst, "   1 owner    group    "...)
	dst = appendRight(dst, size, 12)
	year, month, day := when.Date()
	dst = append(append(append(dst, ' '), month.String()[:3]...), ' ')
	if day < 10 {
		dst = append(dst, ' ')
	}
	dst = append(strconv.AppendInt(dst, int64(day), 10), ' ')
	if year != now.Year() {
		return append(appendYear(append(dst, ' '), year), ' ')
	}
	hour, minute, _ := when.Clock()
	dst = append(appendTwo(dst, hour), ':')
	return append(appendTwo(dst, minute), ' ')
}

func appendTwo(dst []byte, n int) []byte {
	return append(dst, byte('0'+n/10%10), byte('0'+n%10))
}

func appendYear(dst []byte, year int) []byte {
	year = boundYear(year)
	return appendTwo(appendTwo(dst, year/100), year%100)
}

// boundYear keeps a year that a hostile server invented within its columns.
func boundYear(year int) int { return min(max(year, 0), 9999) }

// appendRight adds n so that it ends width columns on. A size that needs more
// takes more.
func appendRight(dst []byte, n int64, width int) []byte {
	var digits [20]byte
	text := strconv.AppendInt(digits[:0], max(n, 0), 10)
	for range width - len(text) {
		dst = append(dst, ' ')
	}
	return append(dst, text...)
}
