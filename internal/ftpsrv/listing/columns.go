package listing

import "unicode/utf8"

const (
	screen = 80 // characters a line, as there is no terminal to ask
	gap    = 2
)

// columns lays out names as ls -C does: as many columns as fit, filled from top
// to bottom, each as wide as its longest name.
type columns struct {
	names  []string
	widths []int
}

func (c *columns) add(name string) {
	c.names = append(c.names, name)
	c.widths = append(c.widths, utf8.RuneCountInString(name))
}

// full bounds memory: a huge directory becomes several blocks of columns.
func (c *columns) full() bool { return len(c.names) >= sortLimit }

func (c *columns) append(dst []byte) []byte {
	rows, wide := c.layout()
	for row := range rows {
		for col, i := 0, row; i < len(c.names); col, i = col+1, i+rows {
			dst = append(dst, c.names[i]...)
			if i+rows >= len(c.names) {
				break
			}
			for range wide[col] + gap - c.widths[i] {
				dst = append(dst, ' ')
			}
		}
		dst = append(dst, '\r', '\n')
	}
	return dst
}

// layout finds the smallest number of rows whose columns fit the screen.
func (c *columns) layout() (rows int, wide []int) {
	if len(c.names) == 0 {
		return 0, nil
	}
	const most = screen / (1 + gap) // columns of one-letter names
	for cols := min(most+1, len(c.names)); cols > 1; cols-- {
		rows = (len(c.names) + cols - 1) / cols
		if wide, ok := c.fit(rows); ok {
			return rows, wide
		}
	}
	wide, _ = c.fit(len(c.names))
	return len(c.names), wide
}

// fit measures the columns of a layout, and whether they leave the last
// character of the line free, as terminals wrap there.
func (c *columns) fit(rows int) (wide []int, ok bool) {
	total := -gap
	for top := 0; top < len(c.names); top += rows {
		w := 0
		for _, n := range c.widths[top:min(top+rows, len(c.widths))] {
			w = max(w, n)
		}
		wide = append(wide, w)
		total += w + gap
	}
	return wide, total < screen
}
