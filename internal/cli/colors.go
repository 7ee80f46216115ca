package cli

import "errors"

// colorMode is the value of --color.
type colorMode string

const (
	colorAuto   colorMode = "auto"
	colorAlways colorMode = "always"
	colorNever  colorMode = "never"
)

// Set accepts a mode.
func (m *colorMode) Set(s string) error {
	switch mode := colorMode(s); mode {
	case colorAuto, colorAlways, colorNever:
		*m = mode
		return nil
	}
	return errors.New("it is auto, always or never")
}

// String returns the mode.
func (m *colorMode) String() string { return string(*m) }

// Type returns the word that help shows for the value.
func (m *colorMode) Type() string { return "WHEN" }

// colors says whether a stream gets colours: as --color says, else as NO_COLOR and
// CLICOLOR_FORCE say (no-color.org, bixense.com/clicolors), else on terminals that
// take them.
func (e Env) colors(mode colorMode, stream any) bool {
	force := e.lookup("CLICOLOR_FORCE")
	switch {
	case mode == colorAlways, mode == colorNever:
		return mode == colorAlways
	case e.lookup("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	case e.IsTerminal == nil:
		return false
	}
	return e.IsTerminal(stream) && e.lookup("TERM") != "dumb" && (e.Colors == nil || e.Colors(stream))
}
