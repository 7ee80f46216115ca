package report

import (
	"fmt"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// stateWord is a state of a server, a share or a home for people.
func stateWord(state string) string {
	if state == "" {
		return "not looked at"
	}
	return state
}

// bytesText is a size in units of 1024, "" where it is not known.
func bytesText(n uint64) string {
	if n == 0 {
		return ""
	}
	size, unit := float64(n), 0
	units := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	for size >= 1024 && unit < len(units)-1 {
		size /= 1024
		unit++
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", size, units[unit])
}

// sizeOf is what the homes of a share hold together.
func sizeOf(s audit.Share) string {
	var sum uint64
	for _, home := range s.Homes {
		sum += uint64(max(0, home.Size))
	}
	return bytesText(sum)
}

// homeSize is what one home holds.
func homeSize(h audit.Home) string {
	text := bytesText(uint64(max(0, h.Size)))
	if h.More && text != "" {
		text = "at least " + text
	}
	return text
}

// largest is the size of the largest home of a share.
func largest(s audit.Share) int64 {
	var size int64 = 1
	for _, home := range s.Homes {
		size = max(size, home.Size)
	}
	return size
}

// homePart is how large a home is, in percent of the largest one.
func homePart(largest int64, h audit.Home) int {
	return int(max(1, 100*float64(h.Size)/float64(largest)))
}

// freeOf is what is left on a share, of how much.
func freeOf(s audit.Share) string {
	if s.Total == 0 {
		return ""
	}
	free := bytesText(s.Free)
	if free == "" {
		free = "0 B"
	}
	return free + " of " + bytesText(s.Total)
}

// usedPercent is how full a share is, -1 where it is not known.
func usedPercent(s audit.Share) int {
	if s.Total == 0 {
		return -1
	}
	used := 1 - float64(min(s.Free, s.Total))/float64(s.Total)
	return int(used*100 + 0.5)
}

// homesOf counts the homes on a server.
func homesOf(s audit.Server) int {
	n := 0
	for _, share := range s.Shares {
		n += len(share.Homes)
	}
	return n
}

// worst maps each login to its gravest finding that nobody has accepted. A finding that
// is about no account may have the name of one: that of a profile, of a server.
func (d *document) worst() map[string]audit.Severity {
	worst := map[string]audit.Severity{}
	for i := range d.Findings {
		if f := &d.Findings[i]; f.Status == audit.Found && (f.GUID != "" || f.DN != "") {
			worst[f.Login] = max(worst[f.Login], f.Severity)
		}
	}
	return worst
}

// worstOf is the gravest finding at any of the users of a home, "" if there is none.
func worstOf(worst map[string]audit.Severity, h audit.Home) string {
	var s audit.Severity
	for _, login := range h.Logins {
		s = max(s, worst[login])
	}
	return s.String()
}
