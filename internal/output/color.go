package output

// Color is how a terminal is told to stand something out (ECMA-48, 8.3.117).
type Color string

// The colours in use. Few, and all of them of the terminal's own palette.
const (
	Bold   Color = "1"
	Red    Color = "31"
	Yellow Color = "33"
)

// Paint returns text in a colour. It is for text that is harmless already, and for
// terminals that take colours.
func Paint(c Color, text string) string {
	if text == "" {
		return ""
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}
