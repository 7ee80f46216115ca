package storage

import (
	"strings"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// OpenFiles knows which files this process is uploading or downloading, so that
// two sessions meet as two handles would on Windows. All homes that one server
// opens share one OpenFiles. Keys name the file's place, in one spelling for
// each place. The zero value is not usable; a nil *OpenFiles in Options means
// that a home has one of its own.
type OpenFiles struct {
	mu    sync.Mutex
	files map[string]openFile
}

type openFile struct {
	readers   int
	writing   bool
	temporary string
}

// NewOpenFiles returns an empty table.
func NewOpenFiles() *OpenFiles { return &OpenFiles{files: make(map[string]openFile)} }

// Write notes that the file is being uploaded, until release is called; a second
// call of release does nothing. It is winerr.SharingViolation while another
// upload goes on and, if the upload has to be alone with the file, while a
// download does. The temporary name, if there is one, is what Read tells.
func (t *OpenFiles) Write(key, temporary string, alone bool) (release func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.files[key]
	if f.writing || alone && f.readers > 0 {
		return nil, winerr.SharingViolation
	}
	f.writing, f.temporary = true, temporary
	t.files[key] = f
	return t.release(key, func(f *openFile) { f.writing, f.temporary = false, "" }), nil
}

// Read notes that the file is being downloaded, until release is called. While
// an upload of it goes on it is winerr.SharingViolation, unless the download may
// be beside that: then temporary is the name, if any, under which the bytes
// arrive.
func (t *OpenFiles) Read(key string, beside bool) (temporary string, release func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.files[key]
	if f.writing && !beside {
		return "", nil, winerr.SharingViolation
	}
	f.readers++
	t.files[key] = f
	return f.temporary, t.release(key, func(f *openFile) { f.readers-- }), nil
}

// Idle is winerr.SharingViolation while the file is being uploaded, or, for a
// directory, one below it: Windows neither deletes nor renames such a thing.
// Separator is what stands between components of a key.
func (t *OpenFiles) Idle(key, separator string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k, f := range t.files {
		if f.writing && (k == key || strings.HasPrefix(k, key+separator)) {
			return winerr.SharingViolation
		}
	}
	return nil
}

// release takes back what change says, once.
func (t *OpenFiles) release(key string, change func(*openFile)) func() {
	return sync.OnceFunc(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		f := t.files[key]
		change(&f)
		if f == (openFile{}) {
			delete(t.files, key)
			return
		}
		t.files[key] = f
	})
}
