package localfs_test

// Windows has no named pipes in directories, and links need a right that tests
// do not have.
var (
	symlink func(target, link string) error
	mkfifo  func(path string) error
)
