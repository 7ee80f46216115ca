package output

import (
	"bufio"
	"bytes"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// table gathers its rows, since the width of a column depends on all of them.
type table struct {
	out     *bufio.Writer
	columns []Column
	header  bool
	color   bool
	rows    [][]string
	alarms  []bool
}

func (t *table) row(_ any, cells []string) error {
	shown, alarm := printable(cells), false
	for i, c := range t.columns {
		if i >= len(shown) {
			break
		}
		alarm = alarm || c.Alarm != nil && c.Alarm(cells[i])
		if shown[i] == "" {
			shown[i] = c.Absent
		}
	}
	t.rows, t.alarms = append(t.rows, shown), append(t.alarms, alarm)
	return nil
}

func (t *table) close(bool) error {
	if len(t.rows) == 0 {
		return nil
	}
	var text bytes.Buffer
	grid := tablewriter.NewTable(&text,
		tablewriter.WithHeaderAutoFormat(tw.Off), // else msIIS-FTPRoot becomes MS IIS - FTP ROOT
		tablewriter.WithRowAutoWrap(tw.WrapNone), // a path must survive copying
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRowAlignment(tw.AlignLeft), // numbers too: no change of looks from run to run
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithPadding(tw.Padding{Right: "  ", Overwrite: true}),
		tablewriter.WithRenderer(renderer.NewBlueprint(plain())),
	)
	if t.header {
		grid.Header(Titles(t.columns))
	}
	for _, row := range t.rows {
		if err := grid.Append(row); err != nil {
			return err
		}
	}
	if err := grid.Render(); err != nil {
		return err
	}
	return t.write(text.Bytes())
}

// write prints the lines of the grid, of which each is one row.
func (t *table) write(grid []byte) error {
	row := 0
	if t.header {
		row = -1
	}
	for line := range bytes.Lines(grid) {
		text := string(bytes.TrimRight(line, " \n"))
		switch {
		case !t.color:
		case row < 0:
			text = Paint(Bold, text)
		case row < len(t.alarms) && t.alarms[row]:
			text = Paint(Red, text)
		}
		if _, err := t.out.WriteString(text + "\n"); err != nil {
			return err
		}
		row++
	}
	return nil
}

// plain draws no lines: what is between two cells is blanks.
func plain() tw.Rendition {
	return tw.Rendition{
		Borders: tw.Border{Left: tw.Off, Right: tw.Off, Top: tw.Off, Bottom: tw.Off},
		Settings: tw.Settings{
			Separators: tw.Separators{ShowHeader: tw.Off, ShowFooter: tw.Off, BetweenRows: tw.Off, BetweenColumns: tw.Off},
			Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.Off, ShowFooterLine: tw.Off},
		},
	}
}
