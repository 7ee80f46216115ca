package ftpsrv

// queueLimit is how many different lines wait while a transfer runs, and how many
// ABORs wait for its end; then the client has to.
const queueLimit = 16

// queue holds the lines that came during a transfer, in order. A line that repeats
// the one before it only counts up: a client that keeps its connection alive with
// NOOP for hours does not fill the queue, behind which neither its ABOR nor its end
// could be seen.
type queue []waiting

type waiting struct {
	line
	times int
}

func (q *queue) push(l line) {
	if last := len(*q) - 1; last >= 0 && (*q)[last].line == l {
		(*q)[last].times++
		return
	}
	*q = append(*q, waiting{l, 1})
}

// pop takes the first line; there is one.
func (q *queue) pop() line {
	first := &(*q)[0]
	l := first.line
	if first.times--; first.times == 0 {
		*q = (*q)[1:]
	}
	return l
}
