package coding

import (
	"compress/zlib"
	"fmt"
	"io"
	"sync"
)

// compressors are kept for the next transfer: each holds more than a megabyte.
var compressors [zlib.BestCompression + 1]sync.Pool

// Deflate compresses a stream in zlib's format (RFC 1950).
type Deflate struct {
	zw    *zlib.Writer
	level int
}

// NewDeflate compresses into dst, with a level from 1 to 9.
func NewDeflate(dst io.Writer, level int) (*Deflate, error) {
	if level < zlib.BestSpeed || level > zlib.BestCompression {
		return nil, fmt.Errorf("level %d of compression: want 1 to 9", level)
	}
	if zw, kept := compressors[level].Get().(*zlib.Writer); kept {
		zw.Reset(dst)
		return &Deflate{zw, level}, nil
	}
	zw, err := zlib.NewWriterLevel(dst, level)
	return &Deflate{zw, level}, err
}

// Write compresses p; what comes of it may go out later.
func (d *Deflate) Write(p []byte) (int, error) { return d.zw.Write(p) }

// Close ends the stream, but not what is below it. Nothing else may be called
// afterwards.
func (d *Deflate) Close() error {
	err := d.zw.Close()
	d.zw.Reset(io.Discard) // lets go of dst
	compressors[d.level].Put(d.zw)
	d.zw = nil
	return err
}
