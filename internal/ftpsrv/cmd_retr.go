package ftpsrv

import (
	"cmp"
	"context"
	"io"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// cmdRETR sends a file from the restart offset on, or the part that RANG named (RFC
// 959, 4.1.3; RFC 3659, 5.3).
// A file that is open elsewhere is refused (behaviour 1.11).
func cmdRETR(c *conn, arg string) (opener, error) {
	offset, end, form := c.sess.rest, c.sess.upTo, shapeOf(c)
	switch {
	case end > 0 && (form.coded() || form.deflate != nil):
		return nil, errArgument
	case form.coded():
		return coded(form, arg, offset), nil
	}
	return func(ctx context.Context, at *place) (dataJob, error) {
		name, err := at.resolve(arg)
		if err != nil {
			return dataJob{}, err
		}
		file, err := at.root.Open(ctx, name, offset)
		if end > 0 {
			return sending(io.LimitReader(file, end-offset), file), err
		}
		return sending(file, file), err
	}, nil
}

// sending is the job of a download. What was sent was read: that closing fails changes
// nothing for the client.
func sending(octets io.Reader, file io.Closer) dataJob {
	return dataJob{send: octets, finish: func(err error) error {
		_ = file.Close()
		return err
	}}
}

// coded opens a file for TYPE A or STRU R, where only reading it from its begin tells
// where an offset lies, and whether the file reaches that far.
func coded(form shape, arg string, offset int64) opener {
	return func(ctx context.Context, at *place) (dataJob, error) {
		name, err := at.resolve(arg)
		if err == nil && offset > 0 {
			err = withinCoded(ctx, at, name, offset)
		}
		if err != nil {
			return dataJob{}, err
		}
		file, err := at.root.Open(ctx, name, 0)
		if err != nil {
			return dataJob{}, err
		}
		text := &codedFile{file: file, form: form}
		if n, err := copySpan(ctx, io.Discard, text, offset); err != nil || n < offset {
			_ = text.Close()
			return dataJob{}, cmp.Or(err, error(winerr.HandleEOF))
		}
		return sending(text, text), nil
	}
}

// withinCoded refuses offsets that no file of the size reaches, as octets are doubled
// at most: such a file need not be read.
func withinCoded(ctx context.Context, at *place, name string, offset int64) error {
	info, err := at.root.Stat(ctx, name)
	if err == nil && !info.IsDir() && offset/2 > info.Size()+1 {
		err = winerr.HandleEOF
	}
	return err
}

// codedFile is a file as it is sent in TYPE A or STRU R.
type codedFile struct {
	file   io.ReadCloser
	form   shape
	buf    *[]byte
	octets io.Reader // nil before the first one
}

// Read gives the next octets.
func (f *codedFile) Read(p []byte) (int, error) {
	if f.octets == nil {
		f.buf = buffers.Get().(*[]byte)
		f.octets = f.form.read(f.file, *f.buf)
	}
	return f.octets.Read(p)
}

// Close ends the reading.
func (f *codedFile) Close() error {
	if f.buf != nil {
		buffers.Put(f.buf)
	}
	return f.file.Close()
}
