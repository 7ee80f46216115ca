package config

import (
	"fmt"
	"strings"
)

// Use puts a profile in the place of the section's own keys. The error says which
// profiles there are.
func (s *DirectorySection) Use(name string) error {
	var names []string
	for _, p := range s.Profiles {
		if strings.EqualFold(p.Name, name) {
			s.Connection = p.Connection
			return nil
		}
		names = append(names, p.Name)
	}
	if best := nearest(name, names); best != "" {
		return fmt.Errorf("there is no profile %q; did you mean %s?", name, best)
	}
	if len(names) == 0 {
		return fmt.Errorf("there is no profile %q; the configuration in use has none", name)
	}
	return fmt.Errorf("there is no profile %q; there are %s", name, strings.Join(names, ", "))
}

// Of returns the path of a key of the section in a profile, as File.Values has it;
// name is "" for the section itself.
func (s *DirectorySection) Of(name, key string) string {
	for i, p := range s.Profiles {
		if name != "" && strings.EqualFold(p.Name, name) {
			return fmt.Sprintf("directory.profiles[%d].%s", i, key)
		}
	}
	return "directory." + key
}
