package cli

import "golang.org/x/sys/windows"

// Console lets the console of this process take UTF-8 until restore is called,
// which gives it its code page back: whoever works there goes on in it. What this
// program writes itself reaches a console whatever its code page is; programs that
// it starts, and others on the same console, do not.
func Console() (restore func()) {
	const utf8 = 65001
	before, err := windows.GetConsoleOutputCP()
	if err != nil || before == utf8 || windows.SetConsoleOutputCP(utf8) != nil {
		return func() {}
	}
	return func() { _ = windows.SetConsoleOutputCP(before) }
}
