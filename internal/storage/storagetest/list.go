package storagetest

import (
	"context"
	"fmt"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func listing() []behaviour {
	return []behaviour{
		{"list gives files and directories", listGives},
		{"list of what is no directory", listRefuses},
		{"a listing can be left and begun again", listStops},
		{"a large listing has every name once", listLarge},
		{"a listing ends with its context", listEnds},
	}
}

func listGives(e *env) {
	e.wantList("/")
	e.mkdir("/dir")
	e.put("/dir/inner", "1")
	e.put("/b", "22")
	e.wantList("/", "b", "dir")
	e.wantList("/dir", "inner")
	entries, err := e.fs.List(e.ctx(), "/")
	e.ok("list", err)
	for entry, err := range entries {
		e.ok("next", err)
		if want := e.stat("/" + entry.Name()); entry.IsDir() != want.IsDir() || entry.Mode().IsRegular() != want.Mode().IsRegular() {
			e.Errorf("%s: mode %v in the listing, %v by stat", entry.Name(), entry.Mode(), want.Mode())
		}
		if entry.Name() == "b" && entry.Size() != 2 {
			e.Errorf("b: %d bytes in the listing, want 2", entry.Size())
		}
	}
}

func listRefuses(e *env) {
	e.put("/file", "x")
	for name, want := range map[string]winerr.Code{
		"/absent": winerr.FileNotFound, "/absent/x": winerr.PathNotFound, "/file": winerr.Directory,
	} {
		_, err := e.fs.List(e.ctx(), name)
		e.code("list "+name, err, want)
	}
}

func listStops(e *env) {
	e.put("/a", "")
	e.put("/b", "")
	entries, err := e.fs.List(e.ctx(), "/")
	e.ok("list", err)
	for _, err := range entries {
		e.ok("next", err)
		break
	}
	n := 0
	for _, err := range entries {
		e.ok("next", err)
		n++
	}
	if n != 2 {
		e.Errorf("the second round has %d entries, want 2", n)
	}
}

func listLarge(e *env) {
	const files = 600
	e.mkdir("/many")
	for i := range files {
		e.put(fmt.Sprintf("/many/a-rather-long-name-of-a-file-%04d", i), "")
	}
	names := e.list("/many")
	if len(names) != files {
		e.Fatalf("got %d names, want %d", len(names), files)
	}
	for i, name := range names {
		if want := fmt.Sprintf("a-rather-long-name-of-a-file-%04d", i); name != want {
			e.Fatalf("name %d is %q, want %q", i, name, want)
		}
	}
}

func listEnds(e *env) {
	for i := range 3 {
		e.put(fmt.Sprintf("/%d", i), "")
	}
	ctx, cancel := context.WithCancel(e.ctx())
	defer cancel()
	entries, err := e.fs.List(ctx, "/")
	e.ok("list", err)
	n := 0
	for _, err := range entries {
		if n++; n == 1 {
			e.ok("first", err)
			cancel()
			continue
		}
		e.code("second", err, winerr.OperationAborted)
	}
	if n != 2 {
		e.Errorf("the iterator went on for %d entries, want one and an error", n)
	}
}
