package ftpsrv

import "time"

// partingTime is how long QUIT waits for the end of a transfer, so that replies come in
// the order of the commands. Then it is answered before: its client may be waiting for
// that, and only then end the transfer, whose reply still comes (RFC 959, 4.1.1).
const partingTime = time.Second

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
	since time.Time
}

func (q *queue) push(l line) {
	if last := len(*q) - 1; last >= 0 && (*q)[last].line == l {
		(*q)[last].times++
		return
	}
	*q = append(*q, waiting{l, 1, time.Now()})
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

// parting is how long a QUIT that waits for the end of a transfer, and nothing else with
// it, still has to; below 0 it is answered. It is 0 where there is none.
func parting(c *conn) time.Duration {
	if len(c.queue) != 1 || c.job.young() > 0 || !c.srv.table.last(c.queue[0].cmd) {
		return 0
	}
	if left := time.Until(c.queue[0].since.Add(partingTime)); left > 0 {
		return left
	}
	return -1
}
