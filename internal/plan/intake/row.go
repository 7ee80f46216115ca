package intake

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// Value is what a row says about one attribute.
type Value struct {
	Given bool   // false: nothing is said
	Text  string // "": absent
}

// Row is what a file says about one user.
type Row struct {
	Line                  int // where it begins; the first line is 1
	User                  string
	Root, Dir             Value  // as they are to become
	ExpectRoot, ExpectDir Value  // as they must be for that
	Err                   error  // why the row cannot be taken; nil when it can
	Source                string // the row as it stands in the file
}

// Table is a file as it was read.
type Table struct {
	Format Format
	Head   string // the line that names the columns of CSV and TSV, as it stands in the file
	Rows   []Row
}

// The columns. JSON calls its keys the same.
const (
	columnUser       = "user"
	columnRoot       = "root"
	columnDir        = "dir"
	columnExpectRoot = "expect_root"
	columnExpectDir  = "expect_dir"
	columnAction     = "action"
)

// absent is how a cell says that the attribute is not there. An empty cell says
// nothing: a spreadsheet is full of them, and none of them may remove a home.
const absent = "(absent)"

// columnOf returns the column that a title stands for, "" for one that is not
// looked at: what get and list print about a user can be edited and given back.
func columnOf(title string) (string, error) {
	name := strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(title)))
	switch name {
	case columnUser, columnRoot, columnDir, columnExpectRoot, columnExpectDir, columnAction:
		return name, nil
	case strings.ToLower(strings.ReplaceAll(homedir.AttrRoot, "-", "_")):
		return columnRoot, nil
	case strings.ToLower(strings.ReplaceAll(homedir.AttrDir, "-", "_")):
		return columnDir, nil
	case "account", "problem", "home", "samaccountname", "userprincipalname", "sid", "objectguid", "dn", "domain":
		return "", nil
	}
	return "", fmt.Errorf("no column is called %q; they are user, root, dir, expect_root, expect_dir and action", abridge(title))
}

// cells are the values of a row by column. Only columns that the row has are in
// it.
type cells map[string]Value

// row puts the cells together.
func (c cells) row() (Row, error) {
	r := Row{
		User: c[columnUser].Text, Root: c[columnRoot], Dir: c[columnDir],
		ExpectRoot: c[columnExpectRoot], ExpectDir: c[columnExpectDir],
	}
	switch action := c[columnAction].Text; strings.ToLower(action) {
	case "", "set":
		if r.User != "" && !r.Root.Given && !r.Dir.Given {
			return r, errors.New("asks for nothing: fill in root or dir, or write clear into the column action")
		}
	case "clear":
		if r.Root.Text != "" || r.Dir.Text != "" {
			return r, errors.New("has a value and the action clear, which takes both away")
		}
		r.Root, r.Dir = Value{Given: true}, Value{Given: true}
	default:
		return r, fmt.Errorf("the action is set or clear, not %q", abridge(action))
	}
	return r, r.check()
}

// check refuses text that no name and no value has. What an attribute is now may
// be anything, so what a row expects may be, too.
func (r Row) check() error {
	if r.User == "" {
		return errors.New("names no user")
	}
	for _, field := range []struct{ name, text string }{
		{columnUser, r.User}, {columnRoot, r.Root.Text}, {columnDir, r.Dir.Text},
	} {
		err := winpath.CheckText(field.text)
		if err == nil && strings.ContainsRune(field.text, '\ufffd') {
			err = errors.New("holds U+FFFD, which stands for a character that was lost")
		}
		if err != nil {
			return fmt.Errorf("%s %q %w", field.name, abridge(field.text), err)
		}
	}
	return nil
}

// abridge keeps what somebody wrote from filling a screen.
func abridge(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
