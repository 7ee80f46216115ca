package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// maxSize is the largest file that is read, in bytes.
const maxSize = 1 << 20

// Load reads and checks the file at path. Relative paths in it are taken from
// its own folder. The error is an *Error.
func Load(path string) (File, error) {
	data, err := read(path)
	if err != nil {
		return File{}, &Error{Name: path, Err: err}
	}
	file, err := Parse(path, data)
	if err != nil {
		return File{}, err
	}
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return File{}, &Error{Name: path, Err: err}
	}
	file.anchor(folder)
	return file, nil
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSize+1))
}

// Parse checks the text of a configuration; name stands for the file in errors.
// The error is an *Error.
func Parse(name string, text []byte) (File, error) {
	if len(text) > maxSize {
		return File{}, &Error{Name: name, Problems: []Problem{{Text: fmt.Sprintf("has more than %d bytes", maxSize)}}}
	}
	file, d := Default(), &decoder{lines: map[string]int{}}
	node, problem := document(text)
	if problem != nil {
		return File{}, &Error{Name: name, Problems: []Problem{*problem}}
	}
	if node != nil {
		d.value(node, "", reflect.ValueOf(&file).Elem())
	}
	if len(d.problems) == 0 {
		file.validate(d)
	}
	if len(d.problems) > 0 {
		return File{}, &Error{Name: name, Problems: d.problems}
	}
	return file, nil
}

// linesOf returns the line of each key that stands in the file at path, which Load
// has accepted.
func linesOf(path string) (map[string]int, error) {
	if path == "" {
		return nil, nil
	}
	text, err := read(path)
	if err != nil {
		return nil, &Error{Name: path, Err: err}
	}
	file, d := Default(), &decoder{lines: map[string]int{}}
	node, problem := document(text)
	if problem != nil {
		return nil, &Error{Name: path, Problems: []Problem{*problem}}
	}
	if node != nil {
		d.value(node, "", reflect.ValueOf(&file).Elem())
	}
	return d.lines, nil
}

// document returns the root of the one YAML document in text, nil if it is
// empty.
func document(text []byte) (*yaml.Node, *Problem) {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // Windows editors write it
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	switch err := decoder.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, syntax(err)
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, &Problem{Line: second.Line, Text: "a second document begins; one file is one document"}
	case !errors.Is(err, io.EOF):
		return nil, syntax(err)
	}
	return first.Content[0], nil
}

// syntax moves the line out of the YAML library's text, to stand where the line
// of every other problem stands. Nothing is decided by the text.
func syntax(err error) *Problem {
	text := err.Error()
	match := regexp.MustCompile(`^yaml: line (\d+): (.*)$`).FindStringSubmatch(text)
	if match == nil {
		return &Problem{Text: "is not YAML: " + text}
	}
	line, err := strconv.Atoi(match[1])
	if err != nil {
		line = 0
	}
	return &Problem{Line: line, Text: "is not YAML: " + match[2]}
}

// anchor makes the paths of files absolute.
func (f *File) anchor(folder string) {
	paths := append(f.Directory.paths(), &f.Journal)
	for i := range f.Directory.Profiles {
		paths = append(paths, f.Directory.Profiles[i].paths()...)
	}
	for i := range f.Sites {
		site := &f.Sites[i]
		paths = append(paths, &site.Security.SSL.ServerCertFile, &site.Security.SSL.ServerKeyFile,
			&site.Security.SSLClientCertificates.ClientCAFile)
		paths = append(paths, &site.UserIsolation.ActiveDirectory.ADPasswordFile, &site.LogFile.Directory)
	}
	for _, p := range paths {
		switch {
		case *p == "" || filepath.IsAbs(*p):
		case os.IsPathSeparator((*p)[0]): // Windows: absolute but for the drive, which is the file's
			*p = filepath.VolumeName(folder) + *p
		default:
			*p = filepath.Join(folder, *p)
		}
	}
}

// paths points to the names of files.
func (c *Connection) paths() []*string { return []*string{&c.PasswordFile, &c.CAFile, &c.Keytab} }
