// The plainest client there is: one libcurl handle that fetches one address after the other, blocking. It asks
// with the same headers as the Swift client. Usage: loop URL COUNT
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

static size_t discard(char *bytes, size_t size, size_t count, void *total) {
  (void)bytes;
  *(size_t *)total += size * count;
  return size * count;
}

int main(int argc, char **argv) {
  if (argc != 3 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return 2;
  CURL *easy = curl_easy_init();
  size_t total = 0;
  long count = atol(argv[2]);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "libcurl");
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &total);
  for (long number = 1; number <= count; number++) {
    char url[512];
    snprintf(url, sizeof url, "%s%ld", argv[1], number);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    CURLcode code = curl_easy_perform(easy);
    if (code != CURLE_OK) {
      fprintf(stderr, "%s\n", curl_easy_strerror(code));
      return 1;
    }
  }
  curl_easy_cleanup(easy);
  return total == (size_t)count * 162 ? 0 : 1;
}
