package config

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// YAML returns the whole configuration as a file that Parse takes, every default
// spelled out. Of commands that print a password only the program is shown, since
// its arguments may be secrets.
func (f File) YAML() ([]byte, error) {
	var node yaml.Node
	if err := node.Encode(f); err != nil {
		return nil, fmt.Errorf("print configuration: %w", err)
	}
	hide(&node)
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(&node); err != nil {
		return nil, fmt.Errorf("print configuration: %w", err)
	}
	return text.Bytes(), encoder.Close()
}

// hide cuts what may be secret.
func hide(n *yaml.Node) {
	for i, child := range n.Content {
		hide(child)
		if n.Kind != yaml.MappingNode || i%2 == 0 || child.Kind != yaml.ScalarNode {
			continue
		}
		key := n.Content[i-1].Value
		program, _, more := strings.Cut(child.Value, " ")
		if more && strings.HasSuffix(strings.ToLower(key), "passwordcommand") {
			child.SetString(program + " ***")
		}
	}
}
