package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
)

// configFile returns the configuration in use and its path, with the profile in use
// in the place of the directory section's own keys. Without any file it is the
// defaults and "".
func (a *app) configFile() (config.File, string, error) {
	file, path, err := wholeConfigFile(a)
	if err != nil {
		return file, path, err
	}
	if name := profileInUse(a); name != "" {
		if err := file.Directory.Use(name); err != nil {
			return file, path, hint(usage("%w", err), "profiles stand in directory.profiles of the configuration in use, which is "+orNone(path))
		}
	}
	return file, path, nil
}

// profileInUse is the name that --profile or FTPISOCTL_PROFILE gives, "" for none.
func profileInUse(a *app) string {
	if a.profile != "" {
		return a.profile
	}
	return a.env.lookup("FTPISOCTL_PROFILE")
}

func orNone(path string) string {
	if path == "" {
		return "none"
	}
	return path
}

// wholeConfigFile is configFile before any profile is chosen.
func wholeConfigFile(a *app) (config.File, string, error) {
	path := a.config
	if path == "" {
		path = a.env.lookup("FTPISOCTL_CONFIG")
	}
	if path == "" {
		found, err := findConfig(configPaths(runtime.GOOS, a.env.lookup))
		if err != nil || found == "" {
			return config.Default(), "", err
		}
		path = found
	}
	a.log().Info("configuration", "file", path)
	file, err := config.Load(path)
	return file, path, err
}

// findConfig returns the first of paths that exists, "" if none does.
func findConfig(paths []string) (string, error) {
	for _, path := range paths {
		switch _, err := os.Stat(path); {
		case err == nil:
			return path, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", &config.Error{Name: path, Err: err}
		}
	}
	return "", nil
}

// configPaths lists where a file is looked for. The current folder is not among
// them: who can put a file there must not decide where passwords go.
func configPaths(goos string, lookup func(string) string) []string {
	const folder, name = "ftpisoctl", "ftpisoctl.yaml"
	user, system := lookup("XDG_CONFIG_HOME"), "/etc"
	if home := lookup("HOME"); user == "" && home != "" {
		user = filepath.Join(home, ".config")
	}
	if goos == "windows" {
		user, system = lookup("AppData"), lookup("ProgramData")
	}
	var paths []string
	for _, base := range []string{user, system} {
		if filepath.IsAbs(base) {
			paths = append(paths, filepath.Join(base, folder, name))
		}
	}
	return paths
}
