package localfs_test

// Windows has no named pipes in directories.
var mkfifo func(path string) error
