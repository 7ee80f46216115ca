package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// takesColors switches the console to understand colours, which consoles before
// Windows 10 cannot (Microsoft, Console Virtual Terminal Sequences).
func takesColors(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	console := windows.Handle(file.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
