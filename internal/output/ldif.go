package output

import (
	"bufio"
	"encoding/base64"
	"errors"
	"strings"
)

// Entry is a record as LDIF shows it.
type Entry struct {
	DN         string
	Modify     bool // a change: each attribute gets its value, or none
	Attributes []Attribute
}

// Attribute is one attribute with its value; "" is no value.
type Attribute struct{ Name, Value string }

// Entrant is a record that LDIF can show. A list whose records are none cannot be
// printed in that form.
type Entrant interface{ Entry() Entry }

// ErrNoEntry is the error of a record that is no Entrant.
var ErrNoEntry = errors.New("these records have no form in LDIF")

// ldifEncoder writes LDIF (RFC 2849).
type ldifEncoder struct {
	out   *bufio.Writer
	begun bool
}

func (e *ldifEncoder) row(record any, _ []string) error {
	entrant, ok := record.(Entrant)
	if !ok {
		return ErrNoEntry
	}
	var lines strings.Builder
	if !e.begun {
		lines.WriteString("version: 1\n")
	}
	e.begun = true
	entry := entrant.Entry()
	lines.WriteString("\n" + LDIFLine("dn", entry.DN))
	if entry.Modify {
		lines.WriteString("changetype: modify\n")
	}
	for _, a := range entry.Attributes {
		if entry.Modify {
			lines.WriteString("replace: " + a.Name + "\n")
		}
		if a.Value != "" {
			lines.WriteString(LDIFLine(a.Name, a.Value))
		}
		if entry.Modify {
			lines.WriteString("-\n")
		}
	}
	_, err := e.out.WriteString(lines.String())
	return err
}

func (e *ldifEncoder) close(complete bool) error {
	end := ""
	if !e.begun {
		end = "version: 1\n"
	}
	if !complete {
		end += "\n# incomplete\n"
	}
	_, err := e.out.WriteString(end)
	return err
}

// LDIFLine returns one attribute with its value as lines of LDIF, with the line
// end. Values that are not plain ASCII, and those that a terminal could obey, are
// in base64, which every reader of LDIF takes.
func LDIFLine(name, value string) string {
	const width = 76 // RFC 2849, note 10
	line := name + ": " + value
	if !safeLDIF(value) {
		line = name + ":: " + base64.StdEncoding.EncodeToString([]byte(value))
	}
	var text strings.Builder
	for len(line) > width {
		text.WriteString(line[:width] + "\n")
		line = " " + line[width:]
	}
	return text.String() + line + "\n"
}

func safeLDIF(value string) bool {
	if value == "" {
		return true
	}
	for i := range len(value) {
		if c := value[i]; c < ' ' || c > '~' {
			return false
		}
	}
	first, last := value[0], value[len(value)-1]
	return first != ' ' && first != ':' && first != '<' && last != ' '
}
