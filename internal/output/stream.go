package output

import (
	"errors"
	"io"
)

// Stream returns out such that its errors can be told from those of sockets and
// files: ReaderGone answers for them alone.
func Stream(out io.Writer) io.Writer { return stream{out} }

type stream struct{ out io.Writer }

// Write passes p on and marks what goes wrong as the stream's own.
func (s stream) Write(p []byte) (int, error) {
	n, err := s.out.Write(p)
	if err != nil {
		err = &streamError{err}
	}
	return n, err
}

// streamError is an error of a Stream.
type streamError struct{ err error }

// Error returns the text of the stream's error, unchanged.
func (e *streamError) Error() string { return e.err.Error() }

// Unwrap gives the stream's error.
func (e *streamError) Unwrap() error { return e.err }

// ReaderGone reports whether a write to a Stream failed because nobody reads any
// more, as behind "| head". That is the reader's decision and not an error. A
// connection that the other side has dropped looks the same to the system, and
// is no such thing.
func ReaderGone(err error) bool {
	var own *streamError
	return errors.As(err, &own) && closedPipe(own.err)
}
