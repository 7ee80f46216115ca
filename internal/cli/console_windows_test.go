package cli_test

import (
	"testing"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/cli"
)

// A console works in UTF-8 while the program runs, and afterwards in whatever it
// worked in before.
func TestConsole(t *testing.T) {
	const ibm850, utf8 = 850, 65001
	codePage := func() uint32 {
		t.Helper()
		page, err := windows.GetConsoleOutputCP()
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	if _, err := windows.GetConsoleOutputCP(); err != nil { // as under a service
		kernel := windows.NewLazySystemDLL("kernel32.dll")
		_, _, _ = kernel.NewProc("FreeConsole").Call()
		if ok, _, err := kernel.NewProc("AllocConsole").Call(); ok == 0 {
			t.Fatalf("no console: %v", err)
		}
		defer func() { _, _, _ = kernel.NewProc("FreeConsole").Call() }()
	}
	before := codePage()
	defer func() { _ = windows.SetConsoleOutputCP(before) }()
	for _, page := range []uint32{ibm850, utf8} {
		if err := windows.SetConsoleOutputCP(page); err != nil {
			t.Fatal(err)
		}
		restore := cli.Console()
		if got := codePage(); got != utf8 {
			t.Errorf("from %d: while running got %d, want %d", page, got, utf8)
		}
		restore()
		if got := codePage(); got != page {
			t.Errorf("afterwards got %d, want %d", got, page)
		}
	}
}
