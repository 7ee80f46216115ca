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
	rows    [][]string
}

func (t *table) row(_ any, cells []string) error {
	shown := visible(t.columns, cells)
	i := 0
	for _, c := range t.columns {
		if c.Detail {
			continue
		}
		if i < len(shown) && shown[i] == "" {
			shown[i] = c.Absent
		}
		i++
	}
	t.rows = append(t.rows, shown)
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
		grid.Header(titles(t.columns, false))
	}
	for _, row := range t.rows {
		if err := grid.Append(row); err != nil {
			return err
		}
	}
	if err := grid.Render(); err != nil {
		return err
	}
	for line := range bytes.Lines(text.Bytes()) {
		if _, err := t.out.Write(append(bytes.TrimRight(line, " \n"), '\n')); err != nil {
			return err
		}
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
