package w3clog

import "time"

// EndsIn sets the end of the present file's period.
func (w *Writer) EndsIn(left time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	file := w.files.file
	w.files.end = time.AfterFunc(left, func() { w.over(file) })
}

// IsOpen reports whether a file is open.
func (w *Writer) IsOpen() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.files.file != nil
}
