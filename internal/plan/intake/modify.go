package intake

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// attributeLine takes a line of LDIF apart: "name: value", or "name:: value" in
// Base64.
func attributeLine(line string) (name, value string, err error) {
	name, value, found := strings.Cut(line, ":")
	if !found {
		return "", "", fmt.Errorf("the line %q has no colon", abridge(line))
	}
	switch {
	case strings.HasPrefix(value, "<"):
		return "", "", errors.New("values in files of their own are not read")
	case strings.HasPrefix(value, ":"):
		text, err := base64.StdEncoding.DecodeString(strings.TrimLeft(value[1:], " "))
		if err != nil {
			return "", "", fmt.Errorf("the value of %s is no Base64", abridge(name))
		}
		return name, string(text), nil
	}
	return name, strings.TrimLeft(value, " "), nil
}

// row reads the record: a DN, changetype modify, and what becomes of the two
// attributes.
func (r ldifRecord) row() (Row, error) {
	name, dn, err := attributeLine(r.lines[0])
	if err == nil && !strings.EqualFold(name, "dn") {
		err = errors.New("does not begin with a dn")
	}
	if err != nil {
		return Row{}, err
	}
	const typed = "is no change: changetype modify must stand behind the dn"
	if len(r.lines) < 2 {
		return Row{}, errors.New(typed)
	}
	name, kind, err := attributeLine(r.lines[1])
	if err != nil || !strings.EqualFold(name, "changetype") {
		return Row{}, errors.New(typed)
	}
	if !strings.EqualFold(strings.TrimSpace(kind), "modify") {
		return Row{}, fmt.Errorf("has the changetype %q; only modify is taken", abridge(kind))
	}
	row := Row{User: dn}
	if guid, ok := strings.CutPrefix(dn, "<GUID="); ok { // how Microsoft names an object wherever it is (MS-ADTS 3.1.1.3.1.2.4)
		row.User = strings.TrimSuffix(guid, ">")
	}
	rest := r.lines[2:]
	for len(rest) > 0 {
		if rest, err = row.modification(rest); err != nil {
			return Row{}, err
		}
	}
	if !row.Root.Given && !row.Dir.Given {
		return Row{}, errors.New("changes nothing")
	}
	return row, row.check()
}

// modification reads one change of an attribute, up to its "-", and returns the
// lines behind it.
func (r *Row) modification(lines []string) ([]string, error) {
	verb, attribute, err := attributeLine(lines[0])
	if err != nil {
		return nil, err
	}
	attribute = strings.TrimSpace(attribute)
	var values []string
	for lines = lines[1:]; len(lines) > 0 && lines[0] != "-"; lines = lines[1:] {
		name, value, err := attributeLine(lines[0])
		if err != nil {
			return nil, err
		}
		if !strings.EqualFold(name, attribute) {
			return nil, fmt.Errorf("has a value of %s among those of %s", abridge(name), abridge(attribute))
		}
		values = append(values, value)
	}
	if len(lines) > 0 {
		lines = lines[1:]
	}
	if len(values) > 1 {
		return nil, fmt.Errorf("has %d values for %s, which takes one", len(values), abridge(attribute))
	}
	value, expected := &r.Root, &r.ExpectRoot
	switch {
	case strings.EqualFold(attribute, homedir.AttrRoot):
	case strings.EqualFold(attribute, homedir.AttrDir):
		value, expected = &r.Dir, &r.ExpectDir
	default:
		return nil, fmt.Errorf("changes %s; only %s and %s are changed here", abridge(attribute), homedir.AttrRoot, homedir.AttrDir)
	}
	return lines, modify(strings.ToLower(strings.TrimSpace(verb)), values, value, expected)
}

// modify carries a modification over to a row. To delete one value, or to add one
// where there is at most one, is to say what the attribute must be now.
func modify(verb string, values []string, value, expected *Value) error {
	text := ""
	if len(values) > 0 {
		text = values[0]
	}
	switch {
	case verb == "replace":
		*value = Value{true, text}
	case verb == "delete":
		*value = Value{Given: true}
		if text != "" {
			*expected = Value{true, text}
		}
	case verb == "add" && text != "":
		if !value.Given {
			*expected = Value{Given: true}
		}
		*value = Value{true, text}
	default:
		return fmt.Errorf("has the modification %q; replace, delete and add with a value are taken", abridge(verb))
	}
	return nil
}
