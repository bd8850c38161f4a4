// Renders conversations.json with each template of templates.json by Go's text/template, set up as Ollama 0.6.5 sets
// it up, and writes rendered.json: go run render.go
package main

import (
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"text/template"
)

type Message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

func read(name string, value any) {
	data, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	if err := json.Unmarshal(data, value); err != nil {
		panic(err)
	}
}

func main() {
	var templates map[string]string
	read("templates.json", &templates)
	var conversations [][]*Message
	read("conversations.json", &conversations)
	rendered := map[string][]string{}
	for id, text := range templates {
		parsed := template.Must(template.New("").Option("missingkey=zero").Parse(text))
		for _, messages := range conversations {
			var out strings.Builder
			values := map[string]any{"Messages": messages, "System": "", "Tools": nil, "Response": ""}
			if err := parsed.Execute(&out, values); err != nil {
				panic(err)
			}
			rendered[id] = append(rendered[id], out.String())
		}
	}
	file, err := os.Create("rendered.json")
	if err != nil {
		panic(err)
	}
	defer file.Close()
	encoder := json.NewEncoder(file)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(map[string]any{"go": runtime.Version(), "rendered": rendered}); err != nil {
		panic(err)
	}
}
