package config_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
)

// What is printed can be read again and means the same.
func TestFile_YAML(t *testing.T) {
	files, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := config.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range file.Sites {
			file.Sites[i].UserIsolation.ActiveDirectory.ADPasswordCommand = ""
		}
		text, err := file.YAML()
		if err != nil {
			t.Fatal(err)
		}
		again, err := config.Parse("printed", text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", path, err, text)
		}
		if first, second := must(t, file), must(t, again); first != second {
			t.Errorf("%s: printed once\n%s\nprinted again\n%s", path, first, second)
		}
		if len(file.Sites) > 0 && !reflect.DeepEqual(again.Sites[0].Connections, file.Sites[0].Connections) {
			t.Errorf("got %+v, want %+v", again.Sites[0].Connections, file.Sites[0].Connections)
		}
	}
}

func must(t *testing.T, file config.File) string {
	t.Helper()
	text, err := file.YAML()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFile_YAMLHidesArgumentsOfPasswordCommands(t *testing.T) {
	file, err := config.Parse("x", []byte("directory: {domain: corp.example.com, bindUser: x, passwordCommand: echo hunter2}\n"+
		"sites: [{userIsolation: {activeDirectory: {adUserName: y, adPasswordCommand: /bin/show --key hunter3}}}]"))
	if err != nil {
		t.Fatal(err)
	}
	text := must(t, file)
	if strings.Contains(text, "hunter") || !strings.Contains(text, "passwordCommand: echo ***") || !strings.Contains(text, "adPasswordCommand: /bin/show ***") {
		t.Errorf("printed\n%s", text)
	}
}
